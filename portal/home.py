"""The pages that belong to no slice, and what every page needs. Composition: may import any app."""

import sys
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chat import queries as chat_queries
from groups.membership import queries as membership_queries
from groups.resources import queries as resource_queries
from groups.schedule import queries as schedule_queries
from portal.accounts.access import SiteCan, site_can
from portal.accounts.factors import passkeys
from portal.accounts.factors.gate import is_held_back
from portal.accounts.factors.queries import invites_passkey
from portal.accounts.middleware import open_to_waiting, shows_work
from portal.accounts.models import User
from portal.accounts.sessions import time_left
from portal.demo.signins import DEMO_PASSWORD, SIGN_INS
from portal.offline import worker_address
from portal.preferences.models import DEFAULTS
from portal.todo import waiting_for


@dataclass(frozen=True)
class HelpLine:
    """A number people may call or text. Checked against the services' own pages."""

    name: str
    how: str
    note: str
    href: str


# 988: https://988lifeline.org (1 veterans, 2 Spanish, text AYUDA). Crisis Text Line in Ohio: keyword 4HOPE.
HELP_LINES = [
    HelpLine("911", "Call 911", "If you or someone else is in danger right now.", "tel:911"),
    HelpLine(
        "988 Lifeline",
        "Call or text 988",
        "Free, day and night. Press 1 for veterans. Press 2 for Spanish, or text AYUDA to 988.",
        "tel:988",
    ),
    HelpLine(
        "Crisis Text Line", "Text 4HOPE to 741741", "Free, day and night, by text message.", "sms:741741?body=4HOPE"
    ),
]


@require_safe
@login_not_required
@open_to_waiting
@shows_work
def home(request: HttpRequest) -> HttpResponse:
    """The front page for visitors; for people who are in, the answer to "what is next for me?"."""
    if not request.user.is_authenticated:
        return render(request, "portal/home/front.html")
    if not request.user.is_approved:
        return render(request, "portal/accounts/waiting.html", {"standing": request.user.standing})
    now = timezone.now()
    groups = chat_queries.groups_with_unread(request.user, now=now)
    context = {
        "greeting": f"Hello, {request.user.display_name}",
        "next_session": schedule_queries.next_session(request.user, now=now),
        "todo": waiting_for(request.user),
        "groups": groups,
        "offer_passkey": bool(groups) and passkeys.are_possible(request) and invites_passkey(request.user),
        "asked": membership_queries.open_requests(request.user),
        "posts": resource_queries.newest_for(request.user, limit=3),
    }
    return render(request, "portal/home/home.html", context)


@require_safe
@login_not_required
def get_help(request: HttpRequest) -> HttpResponse:
    """Numbers to call or text now. Open to everybody, and works without a script."""
    return render(request, "portal/help.html")


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept and who sees it, in plain words."""
    return render(request, "portal/privacy.html")


@require_safe
@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """The process runs."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can reach its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


def site_context(request: HttpRequest) -> dict[str, Any]:
    """What base.html prints on every page."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    at_work = person is not None and person.is_approved and not is_held_back(person, request.session)
    return {
        "person": person,
        "nav": _nav(person, request.path) if person and at_work else [],
        "site": {
            "portal_name": settings.PORTAL_NAME,
            "clinic_name": settings.CLINIC_NAME,
            "neutral_name": settings.NEUTRAL_NAME,
            "demo": settings.DEMO,
            "sign_ins": SIGN_INS if settings.DEMO else [],
            "demo_password": DEMO_PASSWORD if settings.DEMO else "",
            "may_ask": settings.ASK_FOR_ACCOUNT,
            "passkeys_possible": passkeys.are_possible(request),
            "helplines": HELP_LINES,
            "exit_url": settings.EXIT_URL,
            "preferences": getattr(request, "looks", DEFAULTS),
            "worker": worker_address() if person else "",
            "session": time_left(request.session, at=timezone.now()) if person else None,
        },
    }


ALSO = {"schedule": ("/sessions/", "/series/"), "queue": ("/reports/",)}  # a place also holds the pages of its things


def _nav(person: User, path: str) -> list[dict[str, Any]]:
    places = [
        ("home", "Home", "home", "house", None),
        ("groups", "Groups", "membership:groups", "users", None),
        ("schedule", "Schedule", "schedule:mine", "calendar", None),
        ("resources", "Resources", "resources:library", "book-open", None),
        ("queue", "To do", "moderation:queue", "inbox", SiteCan.SEE_QUEUE),
        ("people", "People", "accounts:people", "contact", SiteCan.MANAGE_PEOPLE),
        ("audit", "Audit", "accounts:audit", "scroll-text", SiteCan.READ_AUDIT),
    ]
    nav = []
    for key, label, name, icon, need in places:
        if need is not None and not site_can(person, need):
            continue
        url = reverse(name)
        current = path == url if url == "/" else path.startswith((url, *ALSO.get(key, ())))
        nav.append({"key": key, "label": label, "url": url, "icon": icon, "current": current, "count": 0})
    return nav


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away. Asks nothing of the request or the database: they may be at fault."""
    away = isinstance(sys.exception(), OperationalError)
    page = get_template("503.html" if away else "500.html").render()
    return HttpResponse(page, status=503 if away else 500)
