"""Paths of this slice."""

from django.urls import path

from groups.moderation import views

app_name = "moderation"

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("reports/<str:kind>/<uuid:target_id>/new/", views.report, name="report"),
    path("reports/<uuid:report_id>/", views.case, name="case"),
    path("reports/<uuid:report_id>/decision/", views.decide, name="decide"),
    path("people/blocked/", views.blocks, name="blocks"),
    path("people/<uuid:person_id>/block/", views.block, name="block"),
    path("people/<uuid:person_id>/block/end/", views.unblock, name="unblock"),
    path("groups/<uuid:group_id>/people/<uuid:membership_id>/mute/", views.mute, name="mute"),
    path("groups/<uuid:group_id>/people/<uuid:membership_id>/mute/end/", views.unmute, name="unmute"),
    path("groups/<uuid:group_id>/hidden/<str:kind>/<uuid:target_id>/", views.hide, name="hide"),
    path("groups/<uuid:group_id>/shown/<str:kind>/<uuid:target_id>/", views.show, name="show"),
]
