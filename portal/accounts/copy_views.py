"""My data: asking for a copy of it, and fetching that."""

from collections.abc import AsyncIterator, Iterable, Sequence
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import copies, queries
from portal.accounts.middleware import open_to_waiting
from portal.accounts.recent import recently_confirmed
from portal.accounts.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed(deed="Ask for my data", only_post=True)
def my_data(request: PersonRequest) -> HttpResponse:
    """What I can have, and what I asked for."""
    if request.method == "POST":
        copies.ask_for_copy(request.user, at=timezone.now())
        return redirect("accounts:my_data")
    return render(request, "portal/accounts/my_data.html", queries.copies_page(request.user, now=timezone.now()))


@require_safe
@open_to_waiting
@recently_confirmed
def copy(request: PersonRequest, copy_id: UUID) -> StreamingHttpResponse:
    """The copy itself, to keep."""
    pieces = copies.fetch_copy(request.user, copy_id, at=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return StreamingHttpResponse(_sent(request, pieces), content_type="application/zip", headers=headers)


def _sent(request: PersonRequest, pieces: Sequence[int]) -> Iterable[bytes] | AsyncIterator[bytes]:
    """Each piece is read when the one before has gone. A server would gather an ordinary iterator into memory first."""
    return _one_by_one(pieces) if isinstance(request, ASGIRequest) else map(copies.read_piece, pieces)


async def _one_by_one(pieces: Sequence[int]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield await sync_to_async(copies.read_piece_apart)(piece)
