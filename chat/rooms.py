"""The rooms people are in, with what is new for each of them: many people's at once, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from chat.models import Log

MANY = 100  # unread messages are counted up to here


@dataclass(frozen=True, slots=True)
class MyRoom:
    """A room as one of its people finds it. Being here is no right yet: `groups.rights` says what they may do."""

    user_pk: int
    pk: int
    id: UUID
    group_pk: int
    state: str
    head: int
    version: int
    mark: int
    unread: int
    last_at: datetime | None


# Counting stops at MANY, and the newest message is found from the end: neither grows with a room's history.
_MINE = """
SELECT s.user_id, r.id, r.public_id, r.group_id, r.state, r.head_seq, r.membership_version, coalesce(k.seq, 0),
       (SELECT count(*) FROM (
           SELECT FROM chat_message m WHERE m.room_id = r.id AND m.seq > coalesce(k.seq, 0)
              AND m.state = 'shown' AND m.author_id <> s.user_id LIMIT %(many)s) AS new),
       (SELECT m.sent_at FROM chat_message m WHERE m.room_id = r.id AND m.state = 'shown'
         ORDER BY m.seq DESC LIMIT 1)
  FROM groups_membership s
  JOIN chat_room r ON r.group_id = s.group_id
  LEFT JOIN chat_readmark k ON k.room_id = r.id AND k.user_id = s.user_id
 WHERE s.user_id = ANY(%(users)s) AND s.state = 'active'
 ORDER BY r.id
"""


def rooms_of(users: Sequence[int]) -> dict[int, list[MyRoom]]:
    """By user, the rooms of the groups they are in. Unread: messages shown, not their own, above their mark."""
    found: dict[int, list[MyRoom]] = {user: [] for user in users}
    with connection.cursor() as cursor:
        cursor.execute(_MINE, {"users": list(found), "many": MANY})
        for row in cursor.fetchall():
            found[row[0]].append(MyRoom(*row))
    return found


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a room stands."""

    head: int
    version: int
    state: str


_STANDS = "SELECT id, head_seq, membership_version, state FROM chat_room WHERE id = ANY(%s)"


def stands(rooms: Sequence[int]) -> dict[int, Stand]:
    """Where these rooms stand now."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [list(rooms)])
        return {pk: Stand(head, version, state) for pk, head, version, state in cursor.fetchall()}


def epoch() -> str:
    """The name of this history. After a restore from backup it is another one, and clients start afresh."""
    log, _ = Log.objects.get_or_create(pk=1)
    return str(log.epoch)
