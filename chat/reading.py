"""How far people have read: many marks in one transaction. A mark only ever grows and is shared by all devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from chat.access import can_read
from chat.models import Room
from chat.refusals import RoomClosed
from chat.rooms import MyRoom, rooms_of
from chat.standing import Identity, check
from groups.rights import rights
from portal.errors import Refusal


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody has read this far."""

    who: Identity
    room: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Marked:
    """Where the mark stands now and how many messages are above it."""

    person: UUID
    room: UUID
    seq: int
    unread: int


_RAISE = """
INSERT INTO chat_readmark AS k (room_id, user_id, seq, at, quiet)
SELECT n.room_id, n.user_id, least(n.seq, r.head_seq), %s, false
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS n(room_id, user_id, seq)
  JOIN chat_room r ON r.id = n.room_id ORDER BY n.room_id, n.user_id
ON CONFLICT (room_id, user_id)
DO UPDATE SET seq = greatest(k.seq, EXCLUDED.seq), at = EXCLUDED.at,
              unread_from = CASE WHEN k.unread_from > EXCLUDED.seq THEN k.unread_from END
 WHERE k.seq < EXCLUDED.seq OR k.unread_from <= EXCLUDED.seq
"""


def raise_marks(marks: Sequence[Mark], *, at: datetime) -> list[Marked | Refusal]:
    """Raise each mark, in the caller's transaction; each has its own checks and its own answer."""
    rooms = {room.public_id: room for room in Room.objects.filter(public_id__in={mark.room for mark in marks})}
    ended = check([mark.who for mark in marks], at=at)
    pairs = [(mark.who.user_pk, rooms[mark.room].group_id) for mark in marks if mark.room in rooms]
    allowed = rights(pairs, at=at)
    refused: dict[int, Refusal] = {}
    wanted: dict[tuple[int, int], int] = {}
    for place, mark in enumerate(marks):
        room = rooms.get(mark.room)
        if (end := ended[place]) is not None:
            refused[place] = end
        elif room is None or not can_read(allowed[mark.who.user_pk, room.group_id], room.kind):
            refused[place] = RoomClosed()
        else:
            key = room.pk, mark.who.user_pk
            wanted[key] = max(mark.seq, wanted.get(key, 0))
    if wanted:
        columns = [[room for room, _ in wanted], [user for _, user in wanted], list(wanted.values())]
        with connection.cursor() as cursor:
            cursor.execute(_RAISE, [at, *columns])
    now = {
        (mine.user_pk, mine.id): mine
        for some in rooms_of([user for _, user in wanted], at=at).values()
        for mine in some
    }
    return [refused.get(place) or _marked(mark, now) for place, mark in enumerate(marks)]


def _marked(mark: Mark, now: dict[tuple[int, UUID], MyRoom]) -> Marked | Refusal:
    mine = now.get((mark.who.user_pk, mark.room))
    if mine is None:  # went a moment ago: the others of this round must not suffer
        return RoomClosed()
    return Marked(mark.who.person, mark.room, mine.mark, mine.unread)


_MARKS = """
SELECT k.user_id, r.public_id, least(k.seq, k.unread_from - 1)
  FROM chat_readmark k JOIN chat_room r ON r.id = k.room_id WHERE k.user_id = ANY(%s)
"""


def marks_in(users: Sequence[int]) -> dict[int, dict[str, int]]:
    """By user and room, above which number they find something new. A room that is not in it is all new."""
    found: dict[int, dict[str, int]] = {user: {} for user in users}
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [list(users)])
        for user, room, mark in cursor.fetchall():
            found[user][str(room)] = mark
    return found


_LOWER = """
INSERT INTO chat_readmark AS k (room_id, user_id, seq, unread_from, at, quiet)
VALUES (%(room)s, %(user)s, %(seq)s - 1, %(seq)s, %(at)s, false)
ON CONFLICT (room_id, user_id)
DO UPDATE SET seq = greatest(k.seq, EXCLUDED.seq), unread_from = EXCLUDED.unread_from, at = EXCLUDED.at
"""


def unread_from(room: Room, user_pk: int, seq: int, *, at: datetime) -> MyRoom:
    """Let the person find the room new from this number on, in the caller's transaction. The mark itself stays."""
    with connection.cursor() as cursor:
        cursor.execute(_LOWER, {"room": room.pk, "user": user_pk, "seq": max(1, min(seq, room.head_seq)), "at": at})
    return next(mine for mine in rooms_of([user_pk], at=at)[user_pk] if mine.pk == room.pk)
