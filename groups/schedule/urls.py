"""Paths of this slice."""

from django.urls import path

from groups.schedule import views

app_name = "schedule"

urlpatterns = [
    path("schedule/", views.mine, name="mine"),
    path("groups/<uuid:group_id>/sessions/", views.sessions, name="sessions"),
    path("groups/<uuid:group_id>/series/new/", views.new_series, name="new_series"),
    path("series/<uuid:series_id>/end/", views.end_series, name="end_series"),
    path("sessions/<uuid:session_id>/", views.session, name="session"),
    path("sessions/<uuid:session_id>/answer/", views.answer, name="answer"),
    path("sessions/<uuid:session_id>/details/", views.details, name="details"),
    path("sessions/<uuid:session_id>/cancellation/", views.cancel, name="cancel"),
]
