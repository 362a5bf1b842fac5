"""Paths of this slice."""

from django.urls import URLPattern, path

from groups.openings import views

app_name = "openings"

urlpatterns: list[URLPattern] = [
    path("groups/<uuid:group_id>/opening/", views.opening, name="opening"),
    path("groups/<uuid:group_id>/opening/end/", views.closing, name="closing"),
]
