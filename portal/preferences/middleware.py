"""Gives every page the browser's copy of the choices, and keeps that copy true."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.preferences import cookie, queries
from portal.preferences.models import Chosen


class LooksRequest(HttpRequest):
    """A request that has passed below. What a view puts into `looks` is what its page wears and the browser keeps."""

    looks: Chosen


class Looks:
    """Read the copy once a request; write it when it changed, when somebody signed in, and when they went."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: LooksRequest) -> HttpResponse:
        remembered = request.looks = cookie.read(request)
        before = request.user.pk
        response = self.get_response(request)

        now = request.user.pk
        if now != before:
            kept = queries.kept_by(request.user) if request.user.is_authenticated else None
            request.looks = kept or cookie.looks_of(remembered)
        if request.looks != remembered:
            cookie.write(response, request.looks)
        return response
