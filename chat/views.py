"""The room's pages."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chat import actions, history, marking, pictures, room_queries
from chat.access import Seat, can_write, room_for, room_of
from chat.forms import MessageForm, SpotForm
from chat.history import Spot
from chat.models import RoomKind
from chat.protocol import Malformed
from chat.refusals import KeyReused, RoomClosed
from chat.rules import RoomRules
from groups.access import Can
from groups.rights import Rights
from portal.accounts import denied
from portal.accounts.requests import PersonRequest
from portal.errors import Refusal


@require_safe
def room(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """A group's chat: its end, or what `before`, `at` (a number) or `to` (a message) point at."""
    return _room(request, group_id, RoomKind.GROUP)


@require_safe
def back(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """The back room of those who facilitate the group."""
    return _room(request, group_id, RoomKind.BACK)


def _room(request: PersonRequest, group_id: UUID, kind: str) -> HttpResponse:
    now = timezone.now()
    seat = room_of(request.user, group_id, at=now, kind=kind)
    wanted = _wanted(request)
    around = wanted.get("at")
    if wanted.get("to") is not None:
        around = history.place_of(seat, wanted["to"])
    spot = Spot(before=wanted.get("before"), around=around)
    page = room_queries.room_page(seat, now=now, spot=spot, reply_to=wanted.get("reply"))
    return render(request, "chat/room.html", {"page": page, "form": MessageForm(), "key": uuid4()})


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """Say something, without a script; or with a picture, which a script sends this way and hears of as of a frame.

    Links on a page that shows a refusal begin here, and lead back to the room.
    """
    now = timezone.now()
    seat = room_for(request.user, room_id, at=now)
    room_url = seat.room.url
    if request.method != "POST":
        return redirect(f"{room_url}?{request.GET.urlencode()}")
    form = MessageForm(request.POST, request.FILES)
    wants_frame = request.headers.get("Accept") == "application/json"
    if not form.is_valid():
        return _as_frame(Malformed()) if wants_frame else _show_again(request, seat, form)
    wanted = form.cleaned_data
    file = wanted["picture"]
    try:
        picture = pictures.fit(file, file.size, alt=wanted["alt"]) if file else None
        message = actions.send(
            request.user,
            room_id,
            key=wanted["key"],
            body=wanted["body"],
            at=now,
            reply_to=wanted["reply_to"],
            picture=picture,
        )
    except Refusal as refusal:
        if wants_frame:
            return _as_frame(refusal)
        if isinstance(refusal, RoomClosed):
            raise
        form.add_error("body", refusal.message)
        return _show_again(request, seat, form, refusal)
    if wants_frame:
        return JsonResponse({"op": "ok", "key": wanted["key"], "seq": message.seq, "message": message.public_id})
    marking.mark_read(request.user, room_id, seq=message.seq, at=now)  # the page they wrote on had all of it
    return redirect(f"{room_url}#end")


@require_safe
def older(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """What was said before a number, as a piece of the page."""
    now = timezone.now()
    seat = room_for(request.user, room_id, at=now)
    spot = Spot(before=_wanted(request).get("before"))
    rights = Rights(seat.actor.roles, seat.actor.muted_until)
    page = {
        "history": history.history(seat, now=now, spot=spot),
        "may_write": can_write(rights, RoomRules.of(seat.room), at=now),
        "may_moderate": rights.can(Can.MODERATE),
        "room": seat.room,
    }
    return render(request, "chat/_history.html", {"page": page})


def _as_frame(refusal: Refusal) -> HttpResponse:
    return JsonResponse(refusal.as_frame(), status=refusal.status)


def _show_again(request: PersonRequest, seat: Seat, form: MessageForm, refusal: Refusal | None = None) -> HttpResponse:
    """The room with what was typed, and with why it could not be sent."""
    now = timezone.now()
    seat = room_of(request.user, seat.room.group.public_id, at=now, kind=seat.room.kind)  # as it stands now
    page = room_queries.room_page(seat, now=now, reply_to=form.cleaned_data.get("reply_to"))
    spoilt = refusal is None or isinstance(refusal, KeyReused)
    key = uuid4() if spoilt else form.cleaned_data["key"]
    status = 422 if refusal is None else refusal.status
    response = render(request, "chat/room.html", {"page": page, "form": form, "key": key}, status=status)
    if refusal is not None:
        denied.note(request.user, "chat:send", refusal.status, at=now)
    if refusal is not None and refusal.retry_after is not None:
        response["Retry-After"] = str(max(1, round(refusal.retry_after)))
    return response


def _wanted(request: PersonRequest) -> dict[str, Any]:
    """What the address asks for and makes sense."""
    form = SpotForm(request.GET)
    form.is_valid()
    return form.cleaned_data
