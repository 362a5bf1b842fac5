"""What those who facilitate decide about their room: reading only, slow mode, open hours."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat import changes
from chat.access import room_for
from chat.models import ChangeKind, Room
from chat.rules import RoomRules
from groups.access import Can
from portal import audit
from portal.accounts.models import User

FIELDS = ("state", "slow_seconds", "opens_at", "closes_at")


@transaction.atomic(durable=True)
def set_rules(user: User, room_id: UUID, *, rules: RoomRules, at: datetime) -> Room:
    """Give the room other rules. Every open page follows at once; the same rules again change nothing."""
    room = room_for(user, room_id, need=Can.MODERATE, at=at, lock=True).room
    before = RoomRules.of(room)
    wanted = replace(rules, archived=room.archived)  # that is the group's
    changed = [name for name in FIELDS if getattr(wanted, name) != getattr(before, name)]
    if not changed:
        return room
    for name in changed:
        setattr(room, name, getattr(wanted, name))
    room.save(update_fields=changed)
    facts = {name: str(getattr(wanted, name)) for name in changed}
    audit.record(user, "room.changed", "room", room.public_id, at=at, group_id=room.group.public_id, **facts)
    changes.record(room, ChangeKind.ROOM, at=at, actor=user)
    changes.raise_version(room)
    return room
