"""Pages about being signed in: where, for how long, and ending it elsewhere."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import own, queries
from portal.accounts.middleware import open_to_waiting
from portal.accounts.recent import recently_confirmed
from portal.accounts.requests import PersonRequest
from portal.accounts.session_middleware import SessionRequest, asked_by_the_page
from portal.accounts.sessions import note_use, time_left
from portal.returning import came_from


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@open_to_waiting
@asked_by_the_page
def session(request: SessionRequest) -> HttpResponse:
    """How long I stay signed in. Looking at it is no use of the session; one press on its button is."""
    if request.method == "POST" and request.user.is_authenticated:
        note_use(request.session, at=timezone.now(), every=0)  # a press counts at once
    left = time_left(request.session, at=timezone.now()) if request.user.is_authenticated else None
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(left.as_words() if left else {"left": 0})
    if left is None:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': came_from(request, '/')})}")
    if request.method == "POST":
        return redirect(came_from(request, "home"))
    return render(request, "portal/accounts/session.html", {"left": left, "next": came_from(request, "")})


@require_safe
@open_to_waiting
def devices(request: PersonRequest) -> HttpResponse:
    """Where I am signed in."""
    context = queries.devices_page(request.user, here=request.session.session_key, now=timezone.now())
    return render(request, "portal/accounts/devices.html", context)


@require_POST
@open_to_waiting
@recently_confirmed(deed="Sign out there")
def ending(request: PersonRequest, sign_in_id: UUID) -> HttpResponse:
    """Sign out on one of my devices."""
    own.end_session(request.user, sign_in_id, at=timezone.now())
    messages.success(request, "Signed out there.")
    return redirect("accounts:devices")


@require_POST
@open_to_waiting
@recently_confirmed(deed="Sign out everywhere else")
def other_endings(request: PersonRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = own.end_other_sessions(request.user, here=request.session.session_key or "", at=timezone.now())
    messages.success(request, "Signed out everywhere else." if ended else "You are signed in nowhere else.")
    return redirect("accounts:devices")
