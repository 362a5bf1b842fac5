"""The browser's copy of the choices: there before anybody signs in, and so that no page asks the database for them.

It holds words of ours alone ("theme-dark.size-large"), only those that are no default, and says nothing of a person.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.preferences.models import DEFAULTS, LOOKS, MANNERS, SETTINGS, Chosen

A_YEAR = 365 * 24 * 3600


def read(request: HttpRequest) -> Chosen:
    """Every setting with its choice. What we do not know counts for nothing: anybody may write a cookie."""
    chosen = dict(DEFAULTS)
    for word in request.COOKIES.get(settings.LOOKS_COOKIE_NAME, "").split("."):
        name, _, choice = word.partition("-")
        if name in SETTINGS and choice in SETTINGS[name].values:
            chosen[name] = choice
    return chosen


def write(response: HttpResponse, chosen: Chosen) -> None:
    """Have the browser remember the choices; with none there is no cookie."""
    words = ".".join(f"{name}-{chosen[name]}" for name in SETTINGS if chosen[name] != DEFAULTS[name])
    response.set_cookie(
        settings.LOOKS_COOKIE_NAME,
        words,
        max_age=A_YEAR if words else 0,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def looks_of(chosen: Chosen) -> Chosen:
    """Without the manners of the chat, which the next person at this browser could not see and would not expect."""
    return {name: chosen[name] for name in LOOKS} | {name: DEFAULTS[name] for name in MANNERS}
