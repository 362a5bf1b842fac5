"""What a person does with what is new to them: read on, find a room new again, make it quiet."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat.access import room_for
from chat.models import ReadMark
from chat.reading import Mark, Marked, raise_marks, unread_from
from chat.standing import Identity, check
from portal import live
from portal.accounts.models import User
from portal.errors import Refusal


@transaction.atomic(durable=True)
def mark_read(user: User, room_id: UUID, *, seq: int, at: datetime) -> Marked:
    """Remember how far one has read. It never goes back."""
    answer = raise_marks([Mark(Identity.of(user), room_id, seq)], at=at)[0]
    if isinstance(answer, Refusal):
        raise answer
    live.publish(user.topic, {"type": "read", "room": str(room_id), "seq": answer.seq, "count": answer.unread})
    return answer


@transaction.atomic(durable=True)
def mark_unread(user: User, room_id: UUID, *, seq: int, at: datetime, session: Identity | None = None) -> int:
    """Find the room new from this number on, on every device, until it is read again. Says how many that are."""
    seat = room_for(user, room_id, at=at)
    if session is not None and (ended := check([session], at=at)[0]) is not None:
        raise ended
    mine = unread_from(seat.room, user.pk, seq, at=at)
    live.publish(user.topic, {"type": "unread", "room": str(room_id), "seq": mine.mark, "count": mine.unread})
    return mine.unread


@transaction.atomic(durable=True)
def set_quiet(user: User, room_id: UUID, *, on: bool, at: datetime) -> None:
    """Let what is new in a room be shown without pressing it on the person, or as usual again."""
    seat = room_for(user, room_id, at=at)
    ReadMark.objects.update_or_create(
        room=seat.room, user=user, defaults={"quiet": on}, create_defaults={"quiet": on, "at": at}
    )
