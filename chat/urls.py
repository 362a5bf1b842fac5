"""Paths of this slice."""

from django.urls import URLPattern

app_name = "chat"

urlpatterns: list[URLPattern] = []
