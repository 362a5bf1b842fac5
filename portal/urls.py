"""Every address of the portal. A slice brings its own; ids in them are opaque."""

from allauth.mfa.base.views import authenticate as second_step
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from portal import home, offline

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("help/", home.get_help, name="help"),
    path("privacy/", home.privacy, name="privacy"),
    path("offline/", offline.offline, name="offline"),
    path("livez", home.livez, name="livez"),
    path("readyz", home.readyz, name="readyz"),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", second_step, name="mfa_authenticate"),  # the one page of allauth.mfa we need
    path("", include("portal.accounts.factors.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.preferences.urls")),
    path("", include("groups.membership.urls")),
    path("", include("groups.schedule.urls")),
    path("", include("groups.resources.urls")),
    path("", include("groups.moderation.urls")),
    path("", include("groups.openings.urls")),
    path("", include("chat.urls")),
]
if settings.DEMO or settings.DEBUG:
    urlpatterns += [path("", include("portal.workshop"))]

handler400 = "portal.home.bad_request"
handler403 = "portal.home.forbidden"
handler404 = "portal.home.not_found"
handler500 = "portal.home.server_error"
