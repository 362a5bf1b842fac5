"""What happens to every page: refusals become words, times the reader's, and nothing private is kept anywhere."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

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
    """Nothing that is not a static file is kept by a browser or a proxy, nor embedded by another site."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
