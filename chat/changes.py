"""The numbered feed: every durable change of a room takes the next number under the room's row lock.

A change holds no text. Reading it back joins the message as it is now, so a text that was edited, hidden or removed is
never handed out again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from chat.feed import Page, Quote, Reacted, Said, Shot, Step, Who
from chat.mentions import as_called_now, named_from, named_sql
from chat.models import Change, ChangeKind, Message, MessageState, ReactionKind, Room
from chat.text import excerpt
from portal import live
from portal.accounts.models import User


def hold(**room: Any) -> Room:
    """The room with its row lock, which orders all that happens in it. Raises Room.DoesNotExist."""
    return Room.objects.select_for_update(no_key=True).get(**room)


def record(
    room: Room, kind: ChangeKind, *, at: datetime, actor: User | None = None, message: Message | None = None
) -> Change:
    """Append the next change and tell the sockets on commit. The caller holds the room's row lock."""
    room.head_seq += 1
    room.save(update_fields=["head_seq"])
    change = Change.objects.create(room=room, seq=room.head_seq, kind=kind, message=message, actor=actor, at=at)
    announce(room)
    return change


def raise_version(room: Room) -> None:
    """Somebody's rights here change in this transaction: every socket reads them again before its next byte."""
    room.membership_version += 1
    room.save(update_fields=["membership_version"])
    announce(room)


def announce(room: Room) -> None:
    """Hint at where the room stands, on commit: numbers, never text."""
    live.publish(room.topic, {"type": "room", "head": room.head_seq, "version": room.membership_version})


MESSAGE_COLUMNS = f"""
       m.public_id, m.seq, m.key, m.author_id, w.public_id, w.display_name, m.sent_at, m.edited_at, m.state,
       CASE WHEN m.state IN ('shown', 'held') THEN m.body ELSE '' END,
       q.public_id, q.author_id, qw.display_name, q.sent_at, CASE WHEN q.state = 'shown' THEN q.body ELSE '' END,
       CASE WHEN m.state = 'shown' THEN (
           SELECT json_agg(json_build_array(x.kind, xw.id, xw.public_id, xw.display_name) ORDER BY x.id)
             FROM chat_reaction x JOIN portal_user xw ON xw.id = x.user_id WHERE x.message_id = m.id) END,
       m.pinned_at IS NOT NULL, {named_sql("m")}, {named_sql("q")},
       CASE WHEN m.state IN ('shown', 'held') THEN (
           SELECT json_build_array(c.width, c.height, c.alt) FROM chat_picture c WHERE c.message_id = m.id) END
"""  # noqa: S608 (only our own constants)
MESSAGE_JOINS = """
  LEFT JOIN portal_user w ON w.id = m.author_id
  LEFT JOIN chat_message q ON q.id = m.reply_to_id
  LEFT JOIN portal_user qw ON qw.id = q.author_id
"""
_SINCE = f"""
SELECT c.seq, c.kind, c.at, a.id, a.public_id, a.display_name, {MESSAGE_COLUMNS}
  FROM chat_change c
  LEFT JOIN portal_user a ON a.id = c.actor_id
  LEFT JOIN chat_message m ON m.id = c.message_id {MESSAGE_JOINS}
 WHERE c.room_id = %s AND c.seq > %s ORDER BY c.seq LIMIT %s
"""  # noqa: S608 (only our own constants)


def since(room_pk: int, seq: int, *, limit: int) -> Page:
    """The changes after `seq`, oldest first. The version is read after them: it is never older than what they show."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [room_pk, seq, limit])
        steps = [_step(row) for row in cursor.fetchall()]
    head, version = Room.objects.values_list("head_seq", "membership_version").get(pk=room_pk)
    return Page(steps, head, version)


def _step(row: Sequence[Any]) -> Step:
    seq, kind, at, who_pk, who, name, *message = row
    return Step(
        seq,
        ChangeKind(kind),
        at,
        Who(who_pk, who, name) if who is not None else None,
        said_from(message) if message[0] is not None else None,
    )


def said_from(row: Sequence[Any]) -> Said:
    """A message from the columns above."""
    id, seq, key, author_pk, author, name, sent_at, edited_at, state, body, *more = row
    quoted, quoted_pk, quoted_name, quoted_at, quoted_body, reactions, pinned, *namings, picture = more
    named, quoted_named = map(named_from, namings)
    reply = (
        Quote(quoted, quoted_pk, quoted_name, quoted_at, excerpt(as_called_now(quoted_body, quoted_named)))
        if quoted is not None
        else None
    )
    said = Said(id, seq, key, author_pk, author, name, sent_at, edited_at, reply, MessageState(state), body)
    if not (reactions or pinned or named or picture):
        return said
    return replace(
        said,
        body=as_called_now(body, named),
        reactions=_reacted(reactions or ()),
        pinned=pinned,
        named=named,
        picture=Shot(*picture) if picture else None,
    )


def _reacted(given: Sequence[tuple[str, int, str, str]]) -> tuple[Reacted, ...]:
    """By kind, in the order of the set."""
    by_kind = {kind: [Who(pk, UUID(id), name) for one, pk, id, name in given if one == kind] for kind in ReactionKind}
    return tuple(Reacted(kind, tuple(people)) for kind, people in by_kind.items() if people)
