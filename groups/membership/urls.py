"""Paths of this slice."""

from django.urls import path

from groups.membership.views import groups, people, setting_up

app_name = "membership"

urlpatterns = [
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", setting_up.new_group, name="new_group"),
    path("groups/<uuid:group_id>/", groups.group, name="group"),
    path("groups/<uuid:group_id>/request/", groups.ask, name="ask"),
    path("groups/<uuid:group_id>/leaving/", groups.leave, name="leave"),
    path("groups/<uuid:group_id>/agreement/", groups.agreement, name="agreement"),
    path("groups/<uuid:group_id>/settings/", setting_up.settings, name="settings"),
    path("groups/<uuid:group_id>/people/", people.people, name="people"),
    path("groups/<uuid:group_id>/people/new/", people.add, name="add"),
    path("groups/<uuid:group_id>/people/<uuid:membership_id>/removal/", people.remove, name="remove"),
    path("groups/<uuid:group_id>/people/<uuid:membership_id>/role/", people.role, name="role"),
    path("groups/<uuid:group_id>/requests/<uuid:membership_id>/", people.membership_request, name="request"),
    path("groups/<uuid:group_id>/requests/<uuid:membership_id>/approval/", people.approve, name="approve"),
    path("groups/<uuid:group_id>/requests/<uuid:membership_id>/refusal/", people.decline, name="decline"),
]
