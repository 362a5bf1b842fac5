"""The page of one message, and what its forms do. With the script awake the room does the same in place."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import actions, marking
from chat.access import Seat, message_for, room_for
from chat.forms import PinForm, ReactionForm, WordsForm
from chat.message_queries import message_page, others_here, picture_of
from chat.refusals import NoSuchReaction
from chat.text import NothingToSend, OddCharacters, TooLong
from groups.access import Can
from portal.accounts.requests import PersonRequest

OUR_WORDS = (NothingToSend, OddCharacters, TooLong)


@require_safe
def message(request: PersonRequest, room_id: UUID, message_id: UUID) -> HttpResponse:
    """One message, and what can be done about it."""
    seat, _ = message_for(request.user, room_id, message_id, at=timezone.now())
    return _show(request, seat, message_id)


@require_safe
def people(request: PersonRequest, room_id: UUID) -> JsonResponse:
    """Whom one can name in a message here. Asked for once somebody types the sign for it."""
    seat = room_for(request.user, room_id, need=Can.READ, at=timezone.now())
    return JsonResponse({"people": others_here(seat)})


@require_safe
def picture(request: PersonRequest, room_id: UUID, message_id: UUID) -> FileResponse:
    """The picture of a message, through the message's own door every time."""
    seat, message = message_for(request.user, room_id, message_id, at=timezone.now())
    response = FileResponse(picture_of(seat, message).open("rb"), content_type="image/webp", filename="picture.webp")
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
def react(request: PersonRequest, room_id: UUID, message_id: UUID) -> HttpResponse:
    """Put a reaction on it, or take it back."""
    form = ReactionForm(request.POST)
    if not form.is_valid():
        raise NoSuchReaction
    kind, on = form.wanted()
    actions.react(request.user, room_id, message_id, kind=kind, on=on, at=timezone.now())
    return redirect("chat:message", room_id, message_id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, room_id: UUID, message_id: UUID) -> HttpResponse:
    """Change one's own words."""
    now = timezone.now()
    seat, _ = message_for(request.user, room_id, message_id, at=now)
    if request.method != "POST":
        return redirect("chat:message", room_id, message_id)
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            actions.edit(request.user, room_id, message_id, body=form.cleaned_data["body"], at=now)
        except OUR_WORDS as refusal:
            form.add_error("body", refusal.message)
        else:
            return _back(request, seat, message_id, "Your message is changed.")
    return _show(request, seat, message_id, form, status=422)


@require_POST
def remove(request: PersonRequest, room_id: UUID, message_id: UUID) -> HttpResponse:
    """Take one's own message back."""
    now = timezone.now()
    seat, _ = message_for(request.user, room_id, message_id, at=now)
    actions.remove(request.user, room_id, message_id, at=now)
    return _back(request, seat, message_id, "You took your message back. Nobody can read it any more.")


@require_POST
def pin(request: PersonRequest, room_id: UUID, message_id: UUID) -> HttpResponse:
    """Keep it at the top of the room, or no longer."""
    form = PinForm(request.POST)
    form.is_valid()
    now, on = timezone.now(), form.cleaned_data["on"]
    seat, _ = message_for(request.user, room_id, message_id, need=Can.MODERATE, at=now)
    actions.pin(request.user, room_id, message_id, on=on, at=now)
    words = "Pinned. It stands at the top of the room." if on else "It is not pinned any more."
    return _back(request, seat, message_id, words)


@require_POST
def unread(request: PersonRequest, room_id: UUID, message_id: UUID) -> HttpResponse:
    """Find the room new again from this message on."""
    now = timezone.now()
    _, message = message_for(request.user, room_id, message_id, at=now)
    marking.mark_unread(request.user, room_id, seq=message.seq, at=now)
    messages.success(request, "It is new again from that message on.")
    return redirect("home")


def _show(
    request: PersonRequest, seat: Seat, message_id: UUID, form: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    page = message_page(seat, message_id, now=timezone.now())
    form = form or WordsForm(initial={"body": page.said.body})
    return render(request, "chat/message.html", {"page": page, "form": form}, status=status)


def _back(request: HttpRequest, seat: Seat, message_id: UUID, words: str) -> HttpResponse:
    """To where the message stands in the room."""
    messages.success(request, words)
    return redirect(f"{seat.room.url}?to={message_id}#message-{message_id}")
