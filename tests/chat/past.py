"""A room with a past: rows as the actions leave them behind, written at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from chat.models import Change, ChangeKind, Message, Room
from portal.accounts.models import User


def fill(
    room: Room,
    *authors: User,
    upto: int,
    after: int = 0,
    body: str = "{}",
    at: datetime | None = None,
    every: timedelta = timedelta(0),
) -> Sequence[Message]:
    """Messages by these people in turn, as the numbers after one and up to another."""
    at = at or timezone.now()
    rows = [
        Message(
            room=room,
            seq=seq,
            author=authors[(seq - 1) % len(authors)],
            key=uuid4(),
            digest=b"",
            body=body.format(seq - 1),
            sent_at=at + every * (seq - 1),
        )
        for seq in range(after + 1, upto + 1)
    ]
    Message.objects.bulk_create(rows)
    Change.objects.bulk_create(
        Change(room=room, seq=row.seq, kind=ChangeKind.SENT, message=row, actor=row.author, at=row.sent_at)
        for row in rows
    )
    Room.objects.filter(pk=room.pk).update(head_seq=upto)
    return rows
