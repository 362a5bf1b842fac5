"""What the room's page shows, already fetched: a piece of the history, who is here, and what the reader may do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from chat.access import Seat, can_write
from chat.beside import Beside, beside
from chat.feed import Quote
from chat.frames import may
from chat.history import END, History, Spot, facilitators_of, found, piece
from chat.models import ReactionKind, Room
from chat.queries import GroupRow, groups_with_unread
from chat.refusals import in_time
from chat.rooms import epoch
from chat.rules import RoomRules
from chat.text import excerpt
from groups.membership.models import Group
from groups.moderation.models import Sanction
from groups.moderation.queries import my_mute
from groups.rights import Rights
from portal.accounts.models import User


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
    facilitators = facilitators_of(actor.group)
    rooms = groups_with_unread(actor.user, now=now)
    mark = next((row.mark for row in rooms if row.room_id == room.public_id), 0)
    return RoomPage(
        group=actor.group,
        room=room,
        you=actor.user,
        history=piece(seat, facilitators, now=now, spot=spot, mark=mark),
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


def _answered(seat: Seat, message_id: UUID | None) -> Quote | None:
    if message_id is None:
        return None
    said = found(seat, "AND m.state = 'shown' AND m.public_id = %s", [message_id])
    if not said:
        return None
    one = said[0]
    return Quote(one.id, one.author_pk, one.name, one.sent_at, excerpt(one.body))
