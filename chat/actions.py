"""What a person does in a room. Each opens its own door and its own transaction."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat import changes
from chat.access import room_for
from chat.models import ChangeKind, Message
from groups.access import Can
from portal.accounts.models import User


@transaction.atomic(durable=True)
def send(user: User, room_id: UUID, *, key: UUID, body: str, at: datetime) -> Message:
    """Say something."""
    seat = room_for(user, room_id, need=Can.WRITE, at=at, lock=True)
    message = Message.objects.create(
        room=seat.room,
        seq=seat.room.head_seq + 1,
        author=user,
        key=key,
        digest=hashlib.sha256(body.encode()).digest(),
        body=body,
        sent_at=at,
    )
    changes.record(seat.room, ChangeKind.SENT, at=at, actor=user, message=message)
    return message
