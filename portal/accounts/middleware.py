"""Keeps people whose account is not approved on the few pages that are theirs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]


def open_to_waiting(view: View) -> View:
    """Mark a view as open to signed-in people whose account waits or is paused."""
    view.open_to_waiting = True  # type: ignore[attr-defined]
    return view


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
