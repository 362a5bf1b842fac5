"""What was said in a room, as one reader sees it: pieces of it, single messages, and what fulfils a condition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from chat.access import Seat
from chat.changes import MESSAGE_COLUMNS, MESSAGE_JOINS, said_from
from chat.feed import Said
from chat.lines import Line, Printer
from chat.models import MessageState
from groups.access import Can
from groups.membership.models import Group
from portal.accounts.models import User
from portal.errors import NotFound

PAGE = 50  # messages drawn at once


@dataclass(frozen=True)
class Spot:
    """Where in a room to look: at the end, before a message or around one."""

    before: int | None = None
    around: int | None = None


END = Spot()


@dataclass(frozen=True)
class History:
    """A piece of a room: its messages, oldest first, and whether there are others on either side."""

    lines: list[Line]
    has_older: bool
    has_newer: bool
    blank: Line
    pins: list[Line]

    @property
    def first(self) -> int:
        """Where the piece before this one ends."""
        return self.lines[0].said.seq


def history(seat: Seat, *, now: datetime, spot: Spot = END) -> History:
    """A piece of the history alone."""
    return piece(seat, facilitators_of(seat.actor.group), now=now, spot=spot, mark=0)


def place_of(seat: Seat, message_id: UUID) -> int | None:
    """The number of a message of this room that the reader sees, to look around it."""
    said = found(seat, "AND m.public_id = %s", [message_id])
    return said[0].seq if said else None


def line_of(seat: Seat, message_id: UUID, *, now: datetime) -> Line:
    """One message as it is printed alone. Raises NotFound for what this reader does not see."""
    said = found(seat, "AND m.public_id = %s", [message_id])
    if not said:
        raise NotFound
    return _printer(seat, facilitators_of(seat.actor.group), now=now, mark=0).lines(said)[0]


def piece(seat: Seat, facilitators: list[User], *, now: datetime, spot: Spot, mark: int) -> History:
    """A piece of the history. What is above the mark is new to the reader."""
    if spot.around is not None:
        half = PAGE // 2
        (below, pins), above = _before(seat, spot.around + 1, half + 1), _after(seat, spot.around, half + 1)
        has_older, has_newer = len(below) > half, len(above) > half
        said = below[-half:] + above[:half]
    else:
        below, pins = _before(seat, spot.before, PAGE + 1)
        has_older, has_newer = len(below) > PAGE, spot.before is not None
        said = below[-PAGE:]
    printer = _printer(seat, facilitators, now=now, mark=0 if has_newer else mark)
    pinned = [printer.lines([one])[0] for one in pins]
    return History(printer.lines(said), has_older, has_newer, printer.blank(), pinned)


def _printer(seat: Seat, facilitators: list[User], *, now: datetime, mark: int) -> Printer:
    return Printer(
        group_id=seat.actor.group.public_id,
        room_id=seat.room.public_id,
        facilitators={person.public_id for person in facilitators},
        now=now,
        reader=seat.actor.user.pk,
        mark=mark,
    )


def _select(*, pinned: bool) -> str:
    # What is held is there for its author and for who moderates; to others it is as if it had not been written yet.
    return f"""
SELECT {MESSAGE_COLUMNS}, {pinned} FROM chat_message m {MESSAGE_JOINS}
 WHERE m.room_id = %s AND (m.state <> '{MessageState.HELD}' OR m.author_id = %s OR %s)
   AND (%s::timestamptz IS NULL OR m.sent_at >= %s) AND m.author_id <> ALL(%s)
"""  # noqa: S608 (only our own constants)


_MESSAGES = _select(pinned=False)
_PINNED = f"{_select(pinned=True)} AND m.pinned_at IS NOT NULL ORDER BY m.seq"


def _before(seat: Seat, seq: int | None, limit: int) -> tuple[list[Said], list[Said]]:
    """The newest messages below a number, oldest first; and those that are pinned, wherever they stand."""
    values = [*_reader(seat), seq or seat.room.head_seq + 1, limit, *_reader(seat)]
    newest = f"{_MESSAGES} AND m.seq < %s ORDER BY m.seq DESC LIMIT %s"
    said: dict[bool, list[Said]] = {False: [], True: []}
    for pinned, one in _read(seat, f"({newest}) UNION ALL ({_PINNED})", values):
        said[pinned].append(one)
    return said[False][::-1], said[True]


def _after(seat: Seat, seq: int, limit: int) -> list[Said]:
    """The oldest messages above a number, oldest first."""
    return found(seat, "AND m.seq > %s ORDER BY m.seq LIMIT %s", [seq, limit])


def found(seat: Seat, where: str, values: list[Any]) -> list[Said]:
    """Those of the messages this reader sees that also fulfil a condition."""
    return [one for _, one in _read(seat, _MESSAGES + where, [*_reader(seat), *values])]


def _reader(seat: Seat) -> list[Any]:
    sight = seat.sight
    own, moderates = seat.actor.user.pk, seat.actor.can(Can.MODERATE)
    return [seat.room.pk, own, moderates, sight.since, sight.since, list(sight.hidden)]


def _read(seat: Seat, statement: str, values: list[Any]) -> list[tuple[bool, Said]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        said = [(pinned, said_from(row)) for *row, pinned in cursor.fetchall()]
    return [(pinned, seen) for pinned, one in said if (seen := one.seen_by(seat.sight)) is not None]


def facilitators_of(group: Group) -> list[User]:
    """Those who facilitate it, by name."""
    return [stay.user for stay in group.memberships.facilitating().by_name()]
