"""Paths of this slice."""

from django.urls import path

from groups.resources import views

app_name = "resources"

urlpatterns = [
    path("resources/", views.library, name="library"),
    path("resources/new/", views.new_for_all, name="new_for_all"),
    path("resources/<uuid:post_id>/", views.post, name="post"),
    path("resources/<uuid:post_id>/text/", views.edit, name="edit"),
    path("resources/<uuid:post_id>/pin/", views.pin, name="pin"),
    path("resources/<uuid:post_id>/withdrawal/", views.withdraw, name="withdraw"),
    path("groups/<uuid:group_id>/resources/", views.posts, name="posts"),
    path("groups/<uuid:group_id>/resources/new/", views.new, name="new"),
]
