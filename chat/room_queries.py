"""What the room's page shows, already fetched: a piece of the history, who is here, and what the reader may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from chat.access import Seat
from chat.beside import Beside, beside
from chat.changes import MESSAGE_COLUMNS, MESSAGE_JOINS, said_from
from chat.feed import Quote, Said
from chat.frames import may
from chat.lines import Line, Printer
from chat.models import MessageState, ReactionKind, Room
from chat.queries import GroupRow, groups_with_unread
from chat.refusals import in_time
from chat.rooms import epoch
from chat.rules import RoomRules
from chat.sending import can_write
from chat.text import excerpt
from groups.access import Can
from groups.membership.models import Group
from groups.moderation.models import Sanction
from groups.moderation.queries import my_mute
from groups.rights import Rights
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


@dataclass(frozen=True)
class RoomPage:
    """Everything the page of a room prints."""

    group: Group
    room: Room
    you: User
    history: History
    epoch: str
    may: list[str]
    facilitators: list[User]
    rooms: list[GroupRow]
    beside: Beside
    mute: Sanction | None
    may_block: bool  # those who wrote and do not facilitate
    answered: Quote | None  # what a reply begun without a script is about
    rules: RoomRules
    now: datetime
    kinds: type[ReactionKind] = ReactionKind

    @property
    def may_write(self) -> bool:
        return "write" in self.may

    @property
    def may_moderate(self) -> bool:
        return "moderate" in self.may

    @property
    def zone(self) -> str:
        """Where the reader's days begin."""
        return timezone.get_current_timezone_name()

    @property
    def elsewhere(self) -> int:
        """How much is new in the person's other rooms."""
        return sum(row.unread for row in self.rooms if row.room_id != self.room.public_id and not row.quiet)

    @property
    def here(self) -> User | None:
        """Who facilitates and has said to be here just now, until the room's `here_until`."""
        until = self.room.here_until
        if until is None or until <= self.now or self.rules.archived:
            return None
        return next((person for person in self.facilitators if person.pk == self.room.here_by_id), None)

    @property
    def is_open(self) -> bool:
        """Whether members may write just now."""
        return self.rules.is_open(self.now)

    @property
    def opens_at(self) -> datetime | None:
        """When the clock opens it again, if nothing else keeps it closed."""
        return None if self.rules.is_read_only else self.rules.opens_next(self.now)

    @property
    def pause(self) -> str:
        """How long a member waits between two messages, in words."""
        return in_time(self.rules.slow_seconds) if self.rules.slow_seconds else ""


def room_page(seat: Seat, *, now: datetime, spot: Spot = END, reply_to: UUID | None = None) -> RoomPage:
    """The room at one spot. The seat's head was read before: nothing falls between the page and the socket."""
    actor, room = seat.actor, seat.room
    rules, rights = RoomRules.of(room), Rights(actor.roles, actor.muted_until)
    facilitators = _facilitators(actor.group)
    rooms = groups_with_unread(actor.user, now=now)
    mark = next((row.mark for row in rooms if row.room_id == room.public_id), 0)
    return RoomPage(
        group=actor.group,
        room=room,
        you=actor.user,
        history=_history(seat, facilitators, now=now, spot=spot, mark=mark),
        epoch=epoch(),
        may=may(rights, can_read=True, can_write=can_write(rights, rules, at=now)),
        facilitators=facilitators,
        rooms=sorted(rooms, key=lambda row: (row.group.name.lower(), row.group.public_id, row.is_back)),
        beside=beside(actor, now=now),
        mute=my_mute(actor.user, actor.group, now) if actor.muted_until is not None else None,
        may_block=seat.may_block,
        answered=_answered(seat, reply_to),
        rules=rules,
        now=now,
    )


def history(seat: Seat, *, now: datetime, spot: Spot = END) -> History:
    """A piece of the history alone."""
    return _history(seat, _facilitators(seat.actor.group), now=now, spot=spot, mark=0)


def place_of(seat: Seat, message_id: UUID) -> int | None:
    """The number of a message of this room that the reader sees, to look around it."""
    found = _fetch(seat, "AND m.public_id = %s", [message_id])
    return found[0].seq if found else None


def line_of(seat: Seat, message_id: UUID, *, now: datetime) -> Line:
    """One message as it is printed alone. Raises NotFound for what this reader does not see."""
    found = _fetch(seat, "AND m.public_id = %s", [message_id])
    if not found:
        raise NotFound
    return _printer(seat, _facilitators(seat.actor.group), now=now, mark=0).lines(found)[0]


def _history(seat: Seat, facilitators: list[User], *, now: datetime, spot: Spot, mark: int) -> History:
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
    return _fetch(seat, "AND m.seq > %s ORDER BY m.seq LIMIT %s", [seq, limit])


def found(seat: Seat, where: str, values: list[Any]) -> list[Said]:
    """Those of the messages this reader sees that also fulfil a condition."""
    return _fetch(seat, where, values)


def _fetch(seat: Seat, where: str, values: list[Any]) -> list[Said]:
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


def _answered(seat: Seat, message_id: UUID | None) -> Quote | None:
    if message_id is None:
        return None
    found = _fetch(seat, "AND m.state = 'shown' AND m.public_id = %s", [message_id])
    if not found:
        return None
    one = found[0]
    return Quote(one.id, one.author_pk, one.name, one.sent_at, excerpt(one.body))


def _facilitators(group: Group) -> list[User]:
    return [stay.user for stay in group.memberships.facilitating().by_name()]
