"""Paths of this slice."""

from django.urls import URLPattern, path

from portal.preferences import views

app_name = "preferences"

urlpatterns: list[URLPattern] = [
    path("me/display/", views.preferences, name="preferences"),
]
