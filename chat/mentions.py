"""Naming somebody of the room in a message: "@" and their display name. Pure, but for who there is to name.

A message is kept as it was typed, with a row for each person it names. Read back, it shows each name as it is now, as
long as that person is in the group; after that as it was written.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from uuid import UUID

from django.db import connection

from chat.refusals import TooManyMentions
from chat.text import to_html
from portal.accounts.models import Standing, User

MOST = 5  # people named in a message


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a message names, and how: `written` as typed, `name` as they are called."""

    written: str
    pk: int
    id: UUID
    name: str


_PEOPLE = f"""
SELECT s.group_id, u.id, u.public_id, u.display_name
  FROM groups_membership s JOIN portal_user u ON u.id = s.user_id
 WHERE s.group_id = ANY(%s) AND s.state = 'active' AND u.standing = '{Standing.APPROVED}'
 ORDER BY lower(u.display_name), u.id
"""  # noqa: S608 (only our own constants)


def people_in(groups: Collection[int]) -> dict[int, list[Named]]:
    """By group, everybody who may be named there."""
    found: dict[int, list[Named]] = {group: [] for group in groups}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [list(groups)])
        for group, pk, id, name in cursor.fetchall():
            found[group].append(Named(name, pk, id, name))
    return found


def named_sql(message: str) -> str:
    """SQL: whom the message of this alias names, for `named_from`; nothing is looked up for texts without the sign."""
    # Who has left the group stays called as they were when they were named; who has gone for good does not.
    return f"""CASE WHEN position('@' IN {message}.body) > 0 AND {message}.state IN ('shown', 'held') THEN (
           SELECT json_agg(json_build_array(n.written, nw.id, nw.public_id,
                           CASE WHEN ns.id IS NULL AND nw.email NOT LIKE '%%{User.ERASED}'
                                THEN n.written ELSE nw.display_name END) ORDER BY n.id)
             FROM chat_mention n JOIN portal_user nw ON nw.id = n.user_id
             JOIN chat_room nr ON nr.id = {message}.room_id
             LEFT JOIN groups_membership ns
               ON ns.group_id = nr.group_id AND ns.user_id = n.user_id AND ns.state = 'active'
            WHERE n.message_id = {message}.id) END"""  # noqa: S608 (only our own names)


def named_from(rows: Sequence[tuple[str, int, str, str]] | None) -> tuple[Named, ...]:
    """What the SQL above gave."""
    return tuple(Named(written, pk, UUID(id), name) for written, pk, id, name in rows or ())


def named_in(body: str, people: Sequence[Named]) -> tuple[Named, ...]:
    """Whom a text names, each once, as written. Raises TooManyMentions."""
    if "@" not in body or not people:
        return ()
    by_name = {one.name.casefold(): one for one in people}
    found: dict[int, Named] = {}
    for written in _pattern([one.name for one in people]).findall(body):
        one = by_name.get(written.casefold())
        if one is not None:
            found.setdefault(one.pk, Named(written, one.pk, one.id, one.name))
    if len(found) > MOST:
        raise TooManyMentions
    return tuple(found.values())


def as_called_now(body: str, named: Sequence[Named]) -> str:
    """The text with everybody it names called as they are now."""
    if not named:
        return body
    names = {one.written.casefold(): one.name for one in named}
    pattern = _pattern([one.written for one in named])
    return pattern.sub(lambda found: "@" + names.get(found[1].casefold(), found[1]), body)


def html_of(body: str, named: Sequence[Named]) -> str:
    """Safe HTML of a message, with a mark on everybody it names."""
    if not named:
        return to_html(body)
    places = {one.name.casefold(): place for place, one in enumerate(named)}
    # Characters of no meaning stand for the marks until the text has passed both walls.
    kept = body.replace("\ue000", "").replace("\ue001", "")
    pattern = _pattern([one.name for one in named])
    held = pattern.sub(lambda found: f"\ue000{places[found[1].casefold()]}\ue001", kept)
    return re.sub("\ue000([0-9])\ue001", lambda found: _mark(named[int(found[1])]), to_html(held))


def _mark(one: Named) -> str:
    return f'<span class="mention" data-who="{one.id}">@{escape(one.name)}</span>'


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    """The longest name wins; no mention begins inside of a word or an address."""
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w@/.:=?&#%-])@({longest_first})(?!\w)", re.IGNORECASE)
