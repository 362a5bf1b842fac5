"""Paths of this slice."""

from django.urls import path

from chat import find_views, message_views, room_views, views

app_name = "chat"

urlpatterns = [
    path("groups/<uuid:group_id>/chat/", views.room, name="room"),
    path("groups/<uuid:group_id>/chat/facilitators/", views.back, name="back"),
    path("chat/<uuid:room_id>/messages/", views.send, name="send"),
    path("chat/<uuid:room_id>/quiet/", room_views.quiet, name="quiet"),
    path("chat/<uuid:room_id>/read/", room_views.read, name="read"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/unread/", message_views.unread, name="unread"),
    path("chat/<uuid:room_id>/search/", find_views.find, name="find"),
    path("chat/<uuid:room_id>/day/", find_views.day, name="day"),
    path("chat/<uuid:room_id>/rules/", room_views.rules, name="rules"),
    path("chat/<uuid:room_id>/here/", room_views.here, name="here"),
    path("chat/<uuid:room_id>/messages/older/", views.older, name="older"),
    path("chat/<uuid:room_id>/people/", message_views.people, name="people"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/", message_views.message, name="message"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/reactions/", message_views.react, name="reactions"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/words/", message_views.edit, name="words"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/removal/", message_views.remove, name="removal"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/pin/", message_views.pin, name="pin"),
    path("chat/<uuid:room_id>/messages/<uuid:message_id>/picture/", message_views.picture, name="picture"),
]
