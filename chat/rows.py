"""The statements behind a batch of sends. Each reads or writes for all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection

from chat.feed import Quote, Said, Step
from chat.mentions import as_called_now, named_from, named_sql
from chat.models import ChangeKind, MessageState
from chat.rules import RULES, RoomRules
from chat.text import excerpt


@dataclass(slots=True)
class HeldRoom:
    """A room whose row lock this transaction has, and what it adds to the feed."""

    pk: int
    id: UUID
    group_pk: int
    rules: RoomRules
    head: int
    version: int
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that was sent with the same key before."""

    seq: int
    id: UUID
    digest: bytes


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message about to be a row."""

    room_pk: int
    said: Said
    digest: bytes
    body: str  # as typed: `said` calls people as they are called now
    reply_pk: int | None


Key = tuple[int, int, UUID]  # room, author, key

_HOLD = f"""
SELECT r.id, r.public_id, r.group_id, r.head_seq, r.membership_version, {RULES} FROM chat_room r
 WHERE r.public_id = ANY(%s) ORDER BY r.id FOR NO KEY UPDATE
"""  # noqa: S608 (only our own constants)


def hold(rooms: Iterable[UUID], *, skip_busy: bool) -> dict[UUID, HeldRoom]:
    """Lock the rooms, everybody in the same order. With `skip_busy`, those locked elsewhere are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD + ("SKIP LOCKED" if skip_busy else ""), [list(rooms)])
        held = [
            HeldRoom(pk, id, group, RoomRules(*rules), head, version)
            for pk, id, group, head, version, *rules in cursor.fetchall()
        ]
    return {room.id: room for room in held}


def existing(rooms: Iterable[UUID]) -> set[UUID]:
    """Which of these rooms there are, locked or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM chat_room WHERE public_id = ANY(%s)", [list(rooms)])
        return {row[0] for row in cursor.fetchall()}


_EARLIER = """
SELECT m.room_id, m.author_id, m.key, m.seq, m.public_id, m.digest
  FROM unnest(%s::bigint[], %s::bigint[], %s::uuid[]) AS n(room_id, author_id, key)
  JOIN chat_message m USING (room_id, author_id, key)
"""


def earlier(keys: Sequence[Key]) -> dict[Key, Earlier]:
    """Which of these were sent before."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [list(column) for column in zip(*keys, strict=True)])
        rows = cursor.fetchall()
    return {(room, author, key): Earlier(seq, id, bytes(digest)) for room, author, key, seq, id, digest in rows}


_QUOTED = f"""
SELECT m.room_id, m.public_id, m.id, m.author_id, w.display_name, m.sent_at,
       CASE WHEN m.state = 'shown' THEN m.body ELSE '' END, {named_sql("m")}
  FROM chat_message m JOIN portal_user w ON w.id = m.author_id WHERE m.public_id = ANY(%s)
"""  # noqa: S608 (only our own constants)


def quoted(messages: Iterable[UUID]) -> dict[tuple[int, UUID], tuple[int, Quote]]:
    """By room and id, the messages that are answered."""
    wanted = list(messages)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_QUOTED, [wanted])
        rows = cursor.fetchall()
    return {
        (room, id): (pk, Quote(id, author_pk, name, sent_at, excerpt(as_called_now(body, named_from(named)))))
        for room, id, pk, author_pk, name, sent_at, body, named in rows
    }


_LATEST = """
SELECT n.room_id, n.author_id, (
       SELECT max(m.sent_at) FROM chat_message m WHERE m.room_id = n.room_id AND m.author_id = n.author_id)
  FROM unnest(%s::bigint[], %s::bigint[]) AS n(room_id, author_id)
"""


def latest(writers: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime | None]:
    """When each of these (room, author) wrote last. Asked in slow rooms only."""
    wanted = list(dict.fromkeys(writers))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [[room for room, _ in wanted], [author for _, author in wanted]])
        return {(room, author): at for room, author, at in cursor.fetchall()}


# A message and its first change have the same number; the room's head follows in the same breath.
_INSERT = """
WITH said AS (
    INSERT INTO chat_message
           (public_id, room_id, seq, author_id, key, digest, body, reply_to_id, state, sent_at)
    SELECT n.id, n.room_id, n.seq, n.author_id, n.key, n.digest, n.body, n.reply_id, n.state, n.at
      FROM jsonb_to_recordset(%s::jsonb)
           AS n(id uuid, room_id bigint, seq bigint, author_id bigint, key uuid, digest bytea, body text,
                reply_id bigint, state text, at timestamptz)
    RETURNING id, room_id, seq, author_id, state, sent_at
), noted AS (
    INSERT INTO chat_change (room_id, seq, kind, message_id, actor_id, at)
    SELECT room_id, seq, CASE state WHEN %s THEN %s ELSE %s END, id, author_id, sent_at FROM said
    RETURNING room_id, seq
)
UPDATE chat_room r SET head_seq = n.head FROM (SELECT room_id, max(seq) AS head FROM noted GROUP BY room_id) n
 WHERE r.id = n.room_id
"""


def insert(messages: Sequence[NewMessage]) -> None:
    """Write messages, their changes and the rooms' heads. The caller holds the rooms and has numbered them."""
    # One JSON text: ten arrays would be written out by the driver value by value, in Python.
    new = orjson.dumps([_values(message) for message in messages]).decode()
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [new, MessageState.HELD, ChangeKind.HELD, ChangeKind.SENT])
    if named := [(message.said.id, one.pk, one.written) for message in messages for one in message.said.named]:
        with connection.cursor() as cursor:
            cursor.execute(_NAME, [list(column) for column in zip(*named, strict=True)])


_NAME = """
INSERT INTO chat_mention (message_id, user_id, written)
SELECT m.id, n.user_id, n.written
  FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS n(id, user_id, written) JOIN chat_message m ON m.public_id = n.id
"""


def _values(message: NewMessage) -> dict[str, object]:
    said = message.said
    return {
        "id": said.id,
        "room_id": message.room_pk,
        "seq": said.seq,
        "author_id": said.author_pk,
        "key": said.key,
        "digest": f"\\x{message.digest.hex()}",
        "body": message.body,
        "reply_id": message.reply_pk,
        "state": said.state,
        "at": said.sent_at,
    }
