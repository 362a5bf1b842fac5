"""Paths of this slice."""

from django.urls import path

from chat import views

app_name = "chat"

urlpatterns = [
    path("groups/<uuid:group_id>/chat/", views.room, name="room"),
    path("chat/<uuid:room_id>/messages/", views.send, name="send"),
    path("chat/<uuid:room_id>/messages/older/", views.older, name="older"),
]
