"""Paths of this slice."""

from django.urls import URLPattern, path

from portal.accounts import address_views, admin_views, confirm_views, copy_views, leaving_views, session_views, views

app_name = "accounts"

urlpatterns: list[URLPattern] = [
    path("waiting/", views.waiting, name="waiting"),
    path("me/", views.me, name="me"),
    path("me/confirmation/", confirm_views.confirm, name="confirm"),
    path("me/confirmation/form/", confirm_views.go_on, name="go_on"),
    path("me/pause/", leaving_views.pause, name="pause"),
    path("me/comeback/", leaving_views.comeback, name="comeback"),
    path("me/closing/", leaving_views.close, name="close"),
    path("me/data/", copy_views.my_data, name="my_data"),
    path("me/data/<uuid:copy_id>/", copy_views.copy, name="copy"),
    path("me/session/", session_views.session, name="session"),
    path("me/devices/", session_views.devices, name="devices"),
    path("me/devices/others/ending/", session_views.other_endings, name="other_endings"),
    path("me/devices/<uuid:sign_in_id>/ending/", session_views.ending, name="ending"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("address/<str:token>/", address_views.undo, name="address_undo"),
    path("people/", admin_views.people, name="people"),
    path("people/invitations/", admin_views.invite, name="invite"),
    path("people/invitations/<uuid:invitation_id>/mail/", admin_views.invitation_mail, name="invitation_mail"),
    path(
        "people/invitations/<uuid:invitation_id>/revocation/",
        admin_views.invitation_revocation,
        name="invitation_revocation",
    ),
    path("people/<uuid:person_id>/", admin_views.person, name="person"),
    path("people/<uuid:person_id>/approval/", admin_views.approval, name="approval"),
    path("people/<uuid:person_id>/sessions/ending/", admin_views.session_endings, name="session_endings"),
    path("people/<uuid:person_id>/role/", admin_views.role, name="role"),
    path("people/<uuid:person_id>/second-factors/", admin_views.second_factors, name="second_factors"),
    path("people/<uuid:person_id>/deactivation/", admin_views.deactivation, name="deactivation"),
    path("people/<uuid:person_id>/return/", admin_views.comeback, name="return"),
    path("audit/", admin_views.audit, name="audit"),
]
