"""What stands between a request and its page: who may go where, how often one may try, and allauth's own words."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.accounts import denied, recent, tries
from portal.accounts.factors.gate import is_held_back
from portal.accounts.models import User
from portal.errors import Refusal
from portal.middleware import Refusals

View = Callable[..., HttpResponseBase]


def open_to_waiting(view: View) -> View:
    """Mark a view as open to signed-in people whose account waits or is paused."""
    view.open_to_waiting = True  # type: ignore[attr-defined]
    return view


def shows_work(view: View) -> View:
    """Mark a view that is open to everybody, but shows people who work here what there is to do."""
    view.shows_work = True  # type: ignore[attr-defined]
    return view


class EvenAnswers:
    """Answers to who knocks leave on a beat: how long one took does not tell whether an address has an account.

    Both cases do about the same work, and what is left of a difference (a millisecond, seen over many tries) goes into
    the wait for the beat. Meanwhile the request holds no link to the database, and its thread is its own.
    """

    KNOCKING = frozenset({"account_login", "account_request_login_code", "account_reset_password", "account_signup"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        where = request.resolver_match.view_name if request.resolver_match else ""
        if request.method == "POST" and where in self.KNOCKING and settings.ANSWER_BEAT:
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(settings.ANSWER_BEAT - (time.monotonic() - began) % settings.ANSWER_BEAT)
        return response


class StandingGate:
    """Without approval every page leads to the one that says where the account stands. Denied by default."""

    OPEN_MODULES = ("allauth.",)  # signing out, confirming an address, changing a password

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: object) -> HttpResponse | None:
        if not request.user.is_authenticated or request.user.is_approved:
            return None
        public = not getattr(view, "login_required", True)
        if public or getattr(view, "open_to_waiting", False) or view.__module__.startswith(self.OPEN_MODULES):
            return None
        return redirect("accounts:waiting")


class FactorGate:
    """Who works here and has shown no second factor is led to where one is set up. Denied by default."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: object) -> HttpResponse | None:
        if not request.user.is_authenticated or not is_held_back(request.user, request.session):
            return None
        public = not getattr(view, "login_required", True) and not getattr(view, "shows_work", False)
        own = getattr(view, "open_to_waiting", False) and not getattr(view, "shows_work", False)
        if public or own or view.__module__.startswith(StandingGate.OPEN_MODULES):
            return None
        return redirect("factors:security")


class DeniedAccess:
    """A door that stayed closed to somebody signed in is written down. The words for it come from `Refusals`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if isinstance(error, Refusal) and isinstance(request.user, User) and request.resolver_match is not None:
            denied.note(request.user, request.resolver_match.view_name, error.status, at=timezone.now())


class TriesCount:
    """Count every try at the entrance before anything is looked up or hashed for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if request.method != "POST" or request.resolver_match is None:
            return None
        try:
            tries.count(request, request.resolver_match.view_name, at=timezone.now())
        except tries.TooManyTries as refusal:
            return Refusals(self.get_response).process_exception(request, refusal)
        return None


class ConfirmedFirst:
    """allauth's pages that change an address or a password, behind the same door as ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if not request.user.is_authenticated or request.resolver_match is None:
            return None
        return recent.first_confirm(request) if request.resolver_match.view_name in recent.OF_ALLAUTH else None


class OwnSite:
    """allauth's pages bring a `site` of their own, which would hide the one base.html prints from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if response.context_data is not None:
            response.context_data.pop("site", None)
        return response
