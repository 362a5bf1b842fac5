"""What the hub asks the database, for many sockets in one round each. These run on the chat's own threads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat import changes
from chat.access import can_read, can_write
from chat.feed import Page
from chat.frames import may
from chat.reading import Mark, Marked, marks_in, raise_marks
from chat.rooms import MyRoom, Stand, epoch, rooms_of, stands
from chat.rules import RoomRules
from chat.seats import RoomRights
from chat.standing import Ended, Identity, check, identify, look
from groups.rights import Rights, rights
from groups.sight import Sight, sights
from portal import live
from portal.accounts import sessions as portal_sessions
from portal.errors import Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """A room a person may read, and what they may do there."""

    room: MyRoom
    rights: RoomRights


def who_came(keys: Sequence[str]) -> list[Identity | Ended]:
    """The people behind session keys."""
    return identify(keys, at=timezone.now())


def still_there(people: Sequence[Identity]) -> list[Ended | datetime | None]:
    """What has ended their access, if anything; else when their session will be over."""
    return look(people, at=timezone.now())


def note_uses(sessions: Sequence[str]) -> list[None]:
    """People have done something here: their sessions last on."""
    portal_sessions.note_uses(sessions, at=timezone.now())
    return [None] * len(sessions)


def places_of(people: Sequence[Identity]) -> list[dict[UUID, Place] | Ended]:
    """The rooms each may read now. Where a room stands is read before the rights in it, so never newer than they."""
    at = timezone.now()
    mine = rooms_of([one.user_pk for one in people], at=at)
    ended = check(people, at=at)
    pairs = [(room.user_pk, room.group_pk) for rooms in mine.values() for room in rooms]
    allowed = rights(pairs, at=at)
    seen = sights(pairs, at=at)

    def places(one: Identity) -> dict[UUID, Place]:
        found = {}
        for room in mine[one.user_pk]:
            pair = one.user_pk, room.group_pk
            granted = in_words(allowed[pair], room.rules, room.version, seen[pair], at=at)
            if "read" in granted.may:
                found[room.id] = Place(room, granted)
        return found

    return [end or places(one) for one, end in zip(people, ended, strict=True)]


def rights_in(room_pk: int, group_pk: int, people: Sequence[Identity]) -> list[RoomRights | Ended]:
    """What each may do in the room now, if their session and account still stand."""
    at = timezone.now()
    stand = stands([room_pk])[room_pk]
    ended = check(people, at=at)
    pairs = [(one.user_pk, group_pk) for one in people]
    allowed = rights(pairs, at=at)
    seen = sights(pairs, at=at)
    return [
        end or in_words(allowed[pair], stand.rules, stand.version, seen[pair], at=at)
        for pair, one, end in zip(pairs, people, ended, strict=True)
    ]


def in_words(granted: Rights, rules: RoomRules, version: int, sight: Sight, *, at: datetime) -> RoomRights:
    """Rights in the client's words."""
    turns = [moment for moment in (granted.muted_until, granted.reads_until, rules.next_turn(at)) if moment is not None]
    return RoomRights(
        version,
        may(granted, can_read=can_read(granted, rules.kind), can_write=can_write(granted, rules, at=at)),
        granted.muted_until,
        sight,
        min(turns, default=None),
    )


def feed(room_pk: int, seq: int, limit: int) -> Page:
    """A piece of a room's feed."""
    return changes.since(room_pk, seq, limit=limit)


def where_rooms_stand(rooms: Sequence[int]) -> tuple[str, dict[int, Stand]]:
    """The epoch, and where each room stands."""
    return epoch(), stands(rooms)


def marks_of(users: Sequence[int]) -> dict[int, dict[str, int]]:
    """How far these people have read each room."""
    return marks_in(users)


def counted(users: Sequence[int]) -> dict[int, dict[str, tuple[int, int]]]:
    """The same as they are now, with how many messages are new above it."""
    found = rooms_of(users, at=timezone.now())
    return {user: {str(mine.id): (mine.mark, mine.unread) for mine in rooms} for user, rooms in found.items()}


def mark(marks: Sequence[Mark]) -> list[Marked | Refusal]:
    """Keep how far people have read, and tell their other devices in one hint."""
    with transaction.atomic(durable=True):
        answers = raise_marks(marks, at=timezone.now())
        kept = {(one.person, one.room): one for one in answers if isinstance(one, Marked)}
        told = [[str(one.person), str(one.room), one.seq, one.unread] for one in kept.values()]
        if told:
            live.publish("people", {"type": "read", "marks": told})
    return answers
