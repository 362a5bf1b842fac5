"""Paths of this slice. The one without a name space is where allauth's sign-in leads."""

from django.urls import URLPattern, path

from portal.accounts.factors import entrance, views

app_name = "factors"

urlpatterns: list[URLPattern] = [
    path("account/passkey/", entrance.sign_in, name="sign_in"),
    path("account/passkey/challenge/", entrance.challenge, name="challenge"),
    path("me/security/", views.security, name="security"),
    path("me/security/app/", views.app, name="app"),
    path("me/security/passkeys/", views.passkey, name="passkey"),
    path("me/security/passkeys/challenge/", views.challenge_to_make, name="challenge_to_make"),
    path("me/security/passkeys/<uuid:factor_id>/", views.name, name="name"),
    path("me/security/<uuid:factor_id>/removal/", views.removal, name="removal"),
    path("me/security/no-thanks/", views.no_thanks, name="no_thanks"),
    path("me/security/codes/", views.codes, name="codes"),
]
