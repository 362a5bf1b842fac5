"""What a person does in a room. Each opens its own transaction and its own door.

A socket also names the session it came with: that it still lives is looked at in the same transaction.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat import changes
from chat.access import Seat, message_for, require_write, room_for
from chat.drafts import Send, Sent
from chat.mentions import named_in, people_in
from chat.models import Change, ChangeKind, Mention, Message, MessageState, Picture, Reaction, ReactionKind
from chat.pictures import Fitted, PicturesOff, put
from chat.refusals import NoSuchMessage, NoSuchReaction, NotYours, TooLate, TooManyPins
from chat.rules import RoomRules
from chat.sending import settle
from chat.standing import Identity, check
from chat.text import fit
from groups.access import Can
from groups.rights import rights
from portal import audit, limits, live
from portal.accounts.models import User
from portal.errors import Refusal, TooMany

PINS = 3  # a room
IN_SIGHT = (MessageState.SHOWN, MessageState.HELD)


@transaction.atomic(durable=True)
def send(
    user: User,
    room_id: UUID,
    *,
    key: UUID,
    body: str,
    at: datetime,
    reply_to: UUID | None = None,
    picture: Fitted | None = None,
) -> Message:
    """Say something. The same key again gives the first answer again and writes nothing."""
    if picture is not None and not Message.objects.filter(room__public_id=room_id, author=user, key=key).exists():
        _may_show_pictures(user, room_id, at=at)
    settled = settle([Send(Identity.of(user), room_id, key, body, reply_to)], at=at)
    outcome = settled.outcomes[0]
    if isinstance(outcome, Refusal):
        raise outcome
    assert isinstance(outcome, Sent)  # noqa: S101 (a lone send waits for its room)
    for room in settled.rooms:
        live.publish(f"room.{room.id}", {"type": "room", "head": room.head, "version": room.version})
    message = Message.objects.select_related("room").get(public_id=outcome.message)
    if picture is not None and not Picture.objects.filter(message=message).exists():
        size = {"width": picture.width, "height": picture.height}
        Picture.objects.create(message=message, name=put(picture), alt=picture.alt, **size)
    return message


@transaction.atomic(durable=True)
def edit(
    user: User, room_id: UUID, message_id: UUID, *, body: str, at: datetime, session: Identity | None = None
) -> Change:
    """Change the words of one's own message, for a while. The same words again change nothing."""
    seat, message = message_for(user, room_id, message_id, at=at, lock=True)
    _still_here(session, at)
    _own(user, message)
    _may_write(user, seat, at=at)
    if message.sent_at + timedelta(seconds=settings.CHAT["EDIT"]) < at:
        raise TooLate
    body = fit(body)
    if body == message.body:
        return _latest(message)

    named = named_in(body, people_in([seat.room.group_id])[seat.room.group_id]) if "@" in body else ()
    message.body, message.edited_at = body, at
    message.save(update_fields=["body", "edited_at"])
    message.mentions.all().delete()
    Mention.objects.bulk_create(Mention(message=message, user_id=one.pk, written=one.written) for one in named)
    _note(user, "message.edited", message, at=at)
    return changes.record(seat.room, ChangeKind.EDITED, at=at, actor=user, message=message)


@transaction.atomic(durable=True)
def remove(user: User, room_id: UUID, message_id: UUID, *, at: datetime, session: Identity | None = None) -> Change:
    """Take back one's own message, at any time, muted or not. Doing it twice changes nothing."""
    seat, message = message_for(user, room_id, message_id, at=at, lock=True)
    _still_here(session, at)
    if message.author_id == user.pk and message.state == MessageState.REMOVED:
        return _latest(message)
    _own(user, message)

    message.state, message.pinned_at, message.pinned_by = MessageState.REMOVED, None, None
    message.save(update_fields=["state", "pinned_at", "pinned_by"])
    _note(user, "message.removed", message, at=at)
    return changes.record(seat.room, ChangeKind.REMOVED, at=at, actor=user, message=message)


@transaction.atomic(durable=True)
def react(
    user: User,
    room_id: UUID,
    message_id: UUID,
    *,
    kind: str,
    on: bool,
    at: datetime,
    session: Identity | None = None,
) -> Change:
    """Put a reaction on a message, or take one's own back. Doing it twice changes nothing."""
    seat, message = message_for(user, room_id, message_id, at=at, lock=True)
    _still_here(session, at)
    if message.state != MessageState.SHOWN:
        raise NoSuchMessage
    _may_write(user, seat, at=at)
    if kind not in ReactionKind.values:
        raise NoSuchReaction
    mine = Reaction.objects.filter(message=message, user=user, kind=kind)
    if mine.exists() == on:
        return _latest(message)

    _within_reactions(user, at=at)
    if on:
        Reaction.objects.create(message=message, user=user, kind=kind, at=at)
    else:
        mine.delete()
    return changes.record(seat.room, ChangeKind.REACTION, at=at, actor=user, message=message)


@transaction.atomic(durable=True)
def pin(user: User, room_id: UUID, message_id: UUID, *, on: bool, at: datetime) -> Message:
    """Keep a message at the top of the room for everybody, or no longer. Doing it twice changes nothing."""
    seat, message = message_for(user, room_id, message_id, need=Can.MODERATE, at=at, lock=True)
    if message.state != MessageState.SHOWN:
        raise NoSuchMessage
    if (message.pinned_at is not None) == on:
        return message
    if on and seat.room.messages.filter(pinned_at__isnull=False).count() >= PINS:
        raise TooManyPins

    message.pinned_at, message.pinned_by = (at, user) if on else (None, None)
    message.save(update_fields=["pinned_at", "pinned_by"])
    _note(user, "message.pinned" if on else "message.unpinned", message, at=at)
    changes.record(seat.room, ChangeKind.ROOM, at=at, actor=user, message=message)
    return message


def _still_here(session: Identity | None, at: datetime) -> None:
    if session is not None and (ended := check([session], at=at)[0]) is not None:
        raise ended


def _may_show_pictures(user: User, room_id: UUID, *, at: datetime) -> None:
    seat = room_for(user, room_id, need=Can.WRITE, at=at)
    if not seat.room.group.pictures:
        raise PicturesOff
    key, every, burst = f"pictures.{user.public_id}", settings.CHAT["PICTURE_EVERY"], settings.CHAT["PICTURE_BURST"]
    taken = limits.take_many({key: 1}, every=every, burst=burst, at=at)[key]
    if not taken.granted:
        raise TooMany(retry_after=taken.retry_after)


def _may_write(user: User, seat: Seat, *, at: datetime) -> None:
    mine = rights([(user.pk, seat.room.group_id)], at=at)[user.pk, seat.room.group_id]
    require_write(mine, RoomRules.of(seat.room), at=at, zone=user.time_zone)


def _within_reactions(user: User, *, at: datetime) -> None:
    """A storm of presses is a change each: a bucket of its own keeps it from every feed."""
    key, every, burst = f"react.{user.public_id}", settings.CHAT["REACT_EVERY"], settings.CHAT["REACT_BURST"]
    taken = limits.take_many({key: 1}, every=every, burst=burst, at=at)[key]
    if not taken.granted:
        raise TooMany(retry_after=taken.retry_after)


def _own(user: User, message: Message) -> None:
    """What a facilitator hid stays as it is: its author cannot change the evidence."""
    if message.author_id != user.pk:
        raise NotYours
    if message.state not in IN_SIGHT:
        raise NoSuchMessage


def _latest(message: Message) -> Change:
    return Change.objects.filter(message=message).order_by("-seq")[0]


def _note(user: User, verb: str, message: Message, *, at: datetime) -> None:
    audit.record(user, verb, "message", message.public_id, at=at, group_id=message.room.group.public_id)
