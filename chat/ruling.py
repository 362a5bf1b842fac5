"""What those who facilitate decide about their room: reading only, slow mode, open hours; until when they are here."""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from chat import changes
from chat.access import room_for
from chat.models import ChangeKind, Room
from chat.refusals import Archived, NotLaterToday
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


@transaction.atomic(durable=True)
def say_here(user: User, room_id: UUID, *, until: time | None, at: datetime) -> Room:
    """Let the room know until when today, on their own clock, this facilitator is here; None takes it back.

    The room says it of one person, the last who said it. It ends by itself.
    """
    room = room_for(user, room_id, need=Can.MODERATE, at=at, lock=True).room
    if until is None:
        if room.here_by_id != user.pk:
            return room
        room.here_by = room.here_until = None
    else:
        if room.archived:
            raise Archived
        zone = ZoneInfo(user.time_zone)
        moment = datetime.combine(at.astimezone(zone).date(), until, zone)
        if moment <= at:
            raise NotLaterToday
        if (room.here_by_id, room.here_until) == (user.pk, moment):
            return room
        room.here_by, room.here_until = user, moment
    room.save(update_fields=["here_by", "here_until"])
    said = room.here_until.isoformat() if room.here_until else ""
    audit.record(user, "room.changed", "room", room.public_id, at=at, group_id=room.group.public_id, here_until=said)
    changes.record(room, ChangeKind.ROOM, at=at, actor=user)
    return room
