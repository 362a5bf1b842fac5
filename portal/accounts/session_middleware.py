"""What every request does to its session: it is used, begins on a device, or is over and leaves nothing behind."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from portal.accounts import devices
from portal.accounts.lasting import OWN, SHARED
from portal.accounts.sessions import DEVICE, KIND, SessionStore, note_use

View = Callable[..., HttpResponse]

EVERYTHING = '"cache", "cookies", "storage"'  # after signing out
ASKED_BY = "X-Asked-By"  # "page" where a script of ours fetches what anybody could: it is no use of the session
PAGES = '"cache", "cookies"'  # after a session ran out: words a tab keeps for its person's return stay in the tab


class SessionRequest(HttpRequest):
    """For type hints only: sessions are ours."""

    session: SessionStore


def asked_by_the_page(view: View) -> View:
    """Mark a view that pages ask by themselves: nobody has done anything, so the session does not last on."""
    view.asked_by_the_page = True  # type: ignore[attr-defined]
    return view


class Sessions:
    """Stands inside of the sign-in's middleware: it knows who comes, and sees who has come or gone at the end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SessionRequest) -> HttpResponse:
        before = request.user.pk
        is_over = before is None and _has_lost_its_session(request)
        response = self.get_response(request)

        now = request.user.pk
        if before is None and now is not None:
            request.session[DEVICE] = devices.in_words(request.headers.get("User-Agent", ""))
        elif before is not None and now is None:
            response["Clear-Site-Data"] = EVERYTHING
        elif is_over and _leads_to_sign_in(response):
            response["Clear-Site-Data"] = PAGES
            response["Location"] += "&over" if "?" in response["Location"] else "?over"
        return response

    def process_view(self, request: SessionRequest, view: View, *_: object) -> None:
        if request.user.is_authenticated:
            if not getattr(view, "asked_by_the_page", False) and request.headers.get(ASKED_BY) != "page":
                note_use(request.session, at=timezone.now())
        elif request.method == "POST" and "device" in request.POST:
            _keep_kind_of_device(request)


def _keep_kind_of_device(request: SessionRequest) -> None:
    """Kept from the first form of signing in to its last step. Who does not say it is on a device that others use."""
    if request.POST["device"] in (OWN, SHARED):
        request.session[KIND] = request.POST["device"]
    elif KIND in request.session:
        del request.session[KIND]


def _has_lost_its_session(request: SessionRequest) -> bool:
    return bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME)) and request.session.session_key is None


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return urlsplit(response.get("Location", "")).path == resolve_url(settings.LOGIN_URL)
