"""What happens to every page: refusals become words, times the reader's, and nothing private is kept anywhere."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseFileResponse

from portal.errors import NotFound, Refusal

Respond = Callable[[HttpRequest], HttpResponse]


class Refusals:
    """Turn a refusal no view handled into a page, once for the whole portal."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        if not isinstance(error, Refusal):
            return None
        response = render(request, "refused.html", {"refusal": error}, status=error.status)
        if error.retry_after is not None:
            response["Retry-After"] = str(max(1, round(error.retry_after)))
        return response


class PlainMethods:
    """Pages are read and forms are sent. Whatever else is asked of any address is answered here."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return self.get_response(request)


class Compressed(GZipMiddleware):
    """Pages travel small, with a few random bytes more. What another site made a browser ask for, and what came
    without a word about that, goes out as it is: nobody can ask from outside and learn from lengths (BREACH)."""

    OWN = ("same-origin", "none")  # a page of ours, or the person's own hand

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.headers.get("Sec-Fetch-Site") in self.OWN:
            return super().process_response(request, response)
        return response


class ReaderTimeZone:
    """Show times in the reader's own zone; the clinic's for visitors."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.user.time_zone if request.user.is_authenticated else settings.CLINIC_TIME_ZONE
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo(settings.CLINIC_TIME_ZONE)
        with timezone.override(zone):
            return self.get_response(request)


class PrivatePages:
    """What every answer carries, the errors of the walls further in included: it stands before all others.

    Nothing but a static file is kept by a browser or a proxy, and nothing is used by another site.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, WhiteNoiseFileResponse):
            response["Cache-Control"] = "no-store, private"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        response["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        if settings.SECURE:
            response["Strict-Transport-Security"] = (
                f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
            )
        return response
