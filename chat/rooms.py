"""The rooms people are in or have opened to read, with what is new in each: many people's at once, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from chat.models import Log, RoomKind
from chat.rules import RULES, RoomRules
from groups.sight import sight_of

MANY = 100  # unread messages are counted up to here


@dataclass(frozen=True, slots=True)
class MyRoom:
    """A room as one of its people finds it. Being here is no right yet: `groups.rights` says what they may do."""

    user_pk: int
    pk: int
    id: UUID
    group_pk: int
    rules: RoomRules
    head: int
    version: int
    mark: int
    unread: int
    last_at: datetime | None
    group_id: UUID
    group_name: str
    quiet: bool
    named: bool  # something new names them


SEEN = "(sight.since IS NULL OR m.sent_at >= sight.since) AND m.author_id <> ALL(sight.hidden)"

# Counting stops at MANY, and the newest message is found from the end: neither grows with a room's history.
_MINE = f"""
SELECT s.user_id, r.id, r.public_id, r.group_id, r.head_seq, r.membership_version, x.mark,
       (SELECT count(*) FROM (
           SELECT FROM chat_message m WHERE m.room_id = r.id AND m.seq > x.mark
              AND m.state = 'shown' AND m.author_id <> s.user_id AND {SEEN} LIMIT %(many)s) AS new),
       (SELECT m.sent_at FROM chat_message m WHERE m.room_id = r.id AND m.state = 'shown' AND {SEEN}
         ORDER BY m.seq DESC LIMIT 1),
       g.public_id, g.name, coalesce(k.quiet, false),
       EXISTS (SELECT FROM chat_mention n JOIN chat_message m ON m.id = n.message_id
                WHERE n.user_id = s.user_id AND m.room_id = r.id AND m.seq > coalesce(k.seq, 0) AND m.state = 'shown'
                  AND {SEEN}), {RULES}
  FROM (SELECT user_id, group_id FROM groups_membership WHERE user_id = ANY(%(users)s) AND state = 'active'
         UNION
        SELECT o.admin_id, o.group_id FROM groups_opening o JOIN portal_user a ON a.id = o.admin_id AND a.role = 'admin'
         WHERE o.admin_id = ANY(%(users)s) AND o.opened_at <= %(at)s AND o.ends_at > %(at)s
           AND o.ended_at IS NULL) s
  JOIN groups_group g ON g.id = s.group_id
  JOIN chat_room r ON r.group_id = s.group_id
  LEFT JOIN chat_readmark k ON k.room_id = r.id AND k.user_id = s.user_id
 CROSS JOIN LATERAL (SELECT coalesce(least(k.seq, k.unread_from - 1), 0) AS mark) x
 CROSS JOIN LATERAL {sight_of("s.user_id", "s.group_id")} sight
 WHERE r.kind = '{RoomKind.GROUP}' OR sight.runs
 ORDER BY r.id
"""  # noqa: S608 (only our own constants)


def rooms_of(users: Sequence[int], *, at: datetime) -> dict[int, list[MyRoom]]:
    """By user, the rooms of the groups they are in. Unread: shown, not their own, above their mark, in their sight."""
    found: dict[int, list[MyRoom]] = {user: [] for user in users}
    with connection.cursor() as cursor:
        cursor.execute(_MINE, {"users": list(found), "many": MANY, "at": at})
        for row in cursor.fetchall():
            user, pk, id, group, head, version, mark, unread, last_at, group_id, name, quiet, named, *rules = row
            room = (head, version, mark, unread, last_at, group_id, name, quiet, named)
            found[user].append(MyRoom(user, pk, id, group, RoomRules(*rules), *room))
    return found


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a room stands."""

    head: int
    version: int
    rules: RoomRules


_STANDS = f"SELECT r.id, r.head_seq, r.membership_version, {RULES} FROM chat_room r WHERE r.id = ANY(%s)"  # noqa: S608


def stands(rooms: Sequence[int]) -> dict[int, Stand]:
    """Where these rooms stand now."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [list(rooms)])
        return {pk: Stand(head, version, RoomRules(*rules)) for pk, head, version, *rules in cursor.fetchall()}


def epoch() -> str:
    """The name of this history. After a restore from backup it is another one, and clients start afresh."""
    log, _ = Log.objects.get_or_create(pk=1)
    return str(log.epoch)
