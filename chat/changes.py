"""The numbered feed: every durable change of a room takes the next number under the room's row lock.

A change holds no text. Reading it back joins the message as it is now, so a text that was edited, hidden or removed is
never handed out again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chat.models import Change, ChangeKind, Message, Room
from portal import live
from portal.accounts.models import User


@dataclass(frozen=True)
class Page:
    """A piece of the feed, and where the room stood just after it was read."""

    changes: list[Change]
    head: int
    version: int


def hold(**room: object) -> Room:
    """The room with its row lock, which orders all that happens in it. Raises Room.DoesNotExist."""
    return Room.objects.select_for_update(no_key=True).get(**room)


def record(
    room: Room, kind: ChangeKind, *, at: datetime, actor: User | None = None, message: Message | None = None
) -> Change:
    """Append the next change and tell the sockets on commit. The caller holds the room's row lock."""
    room.head_seq += 1
    room.save(update_fields=["head_seq"])
    change = Change.objects.create(room=room, seq=room.head_seq, kind=kind, message=message, actor=actor, at=at)
    announce(room)
    return change


def raise_version(room: Room) -> None:
    """Somebody's rights here change in this transaction: every socket reads them again before its next byte."""
    room.membership_version += 1
    room.save(update_fields=["membership_version"])
    announce(room)


def announce(room: Room) -> None:
    """Hint at where the room stands, on commit."""
    live.publish(room.topic, hint_of(room))


def hint_of(room: Room) -> live.Hint:
    """What other processes hear: numbers, never text."""
    return {"type": "room", "head": room.head_seq, "version": room.membership_version}


def since(room_id: int, seq: int, *, limit: int) -> Page:
    """The changes after `seq`, oldest first. The version is read after them: it is never older than what they show."""
    changes = list(
        Change.objects.filter(room_id=room_id, seq__gt=seq)
        .select_related("actor", "message__author", "message__reply_to__author")
        .order_by("seq")[:limit]
    )
    head, version = Room.objects.values_list("head_seq", "membership_version").get(pk=room_id)
    return Page(changes, head, version)


def seqs(changes: Iterable[Change]) -> list[int]:
    """Their numbers."""
    return [change.seq for change in changes]
