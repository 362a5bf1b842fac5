"""Before something that matters, people show once more that it is them: at most five minutes ago.

A view says so with `@recently_confirmed`; allauth's own pages stand in `OF_ALLAUTH`. Whoever sends a form too late is
asked first, and then finds the form's words again behind one button: nothing is lost, and nothing is done twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal import audit
from portal.accounts.factors.queries import has_factor
from portal.accounts.models import User

RECENT = 5 * 60  # seconds
HELD_FOR = 15 * 60  # seconds that a form waits for its person
LONGEST = 20_000  # characters of a form that is kept; nothing here needs more
HELD = "held_form"
NEVER_HELD = ("csrfmiddlewaretoken", "password", "oldpassword", "password1", "code", "credential")
OF_ALLAUTH = {"account_email", "account_change_password", "account_set_password"}

View = Callable[..., HttpResponseBase]


def is_recent(request: HttpRequest) -> bool:
    """Whether this person has shown within five minutes that it is them. Of who has a second factor that counts, and
    nothing less: a password alone never opens what the factor guards."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    lately = [record["method"] for record in records if time.time() - record["at"] < RECENT]
    return "mfa" in lately or (lately != [] and not has_factor(request.user))


def note_confirmed(request: HttpRequest, person: User, *, how: str, at: datetime, **more: Any) -> None:
    """Remember in the session, and in the audit log, that it was them. `how` is allauth's word for it."""
    record_authentication(request, person, how, reauthenticated=True, **more)
    audit.record(person, "person.confirmed", "person", person.public_id, at=at, how=more.get("type", how))


def recently_confirmed(view: View | None = None, *, deed: str = "Go on", only_post: bool = False) -> Any:
    """The door in front of a view that matters. `deed` is the button's word when a form comes back to its person;
    `only_post` is for pages where only the sending matters."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = None if only_post and request.method in ("GET", "HEAD") else first_confirm(request, deed=deed)
            return asked or view(request, *args, **kwargs)

        return guarded

    return decorate(view) if view else decorate


def first_confirm(request: HttpRequest, *, deed: str = "Go on") -> HttpResponse | None:
    """The way to the page that asks, or None where nothing needs asking."""
    if is_recent(request):
        if request.method == "POST":
            let_go(request)
        return None
    if request.method == "POST":
        _hold(request, deed)
        return HttpResponseRedirect(reverse("accounts:confirm"))
    return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{urlencode({'next': request.path})}")


@dataclass(frozen=True)
class HeldForm:
    """What somebody sent before they were asked who they are."""

    path: str
    deed: str
    fields: list[tuple[str, str]]


def held_form(request: HttpRequest) -> HeldForm | None:
    """The form that waits, unless it waited too long."""
    held = request.session.get(HELD)
    if not held or time.time() - held["at"] > HELD_FOR:
        return None
    given = QueryDict(held["body"])
    return HeldForm(held["path"], held["deed"], [(name, value) for name, several in given.lists() for value in several])


def let_go(request: HttpRequest) -> None:
    """Forget the form that waited."""
    if HELD in request.session:
        del request.session[HELD]


def _hold(request: HttpRequest, deed: str) -> None:
    """Keep a form in the session, but no secret that was typed into it."""
    kept = request.POST.copy()
    for name in NEVER_HELD:
        kept.pop(name, None)
    body = kept.urlencode()
    if len(body) <= LONGEST:
        request.session[HELD] = {"path": request.path, "deed": deed, "body": body, "at": time.time()}
