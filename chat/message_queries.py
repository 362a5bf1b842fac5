"""What the page of one message shows: the message, and what the reader may do about it without a script."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from chat.access import Seat, can_write
from chat.feed import Said, Who
from chat.goodbye import is_reported
from chat.history import line_of
from chat.lines import Line
from chat.mentions import people_in
from chat.models import Message, MessageState, Picture, ReactionKind, Room
from chat.pictures import path
from chat.rules import RoomRules
from groups.access import Can
from groups.membership.models import Group
from groups.rights import Rights
from portal.accounts.models import User
from portal.errors import NotFound


@dataclass(frozen=True)
class Choice:
    """One reaction of the set: whose it is so far, and whether the reader gave it."""

    kind: ReactionKind
    people: tuple[Who, ...]
    is_mine: bool


@dataclass(frozen=True)
class MessagePage:
    """Everything the page of a message prints."""

    group: Group
    room: Room
    line: Line
    choices: list[Choice]
    may_write: bool
    may_change: bool
    may_take_back: bool
    may_report: bool
    may_block: bool
    may_moderate: bool

    @property
    def said(self) -> Said:
        return self.line.said

    @property
    def room_url(self) -> str:
        """Where it stands among the others."""
        return f"{self._room}?to={self.said.id}#message-{self.said.id}"

    @property
    def reply_url(self) -> str:
        return f"{self._room}?reply={self.said.id}#write"

    @property
    def _room(self) -> str:
        return self.room.url


def message_page(seat: Seat, message_id: UUID, *, now: datetime) -> MessagePage:
    """The message as this reader sees it. Raises NotFound for what is held back from them."""
    actor, room = seat.actor, seat.room
    line = line_of(seat, message_id, now=now)
    is_own = line.said.author == actor.user.public_id
    may_write = can_write(Rights(actor.roles, actor.muted_until), RoomRules.of(room), at=now)
    is_fresh = now <= line.said.sent_at + timedelta(seconds=settings.CHAT["EDIT"])
    return MessagePage(
        group=actor.group,
        room=room,
        line=line,
        choices=_choices(line.said, actor.user),
        may_write=may_write and line.is_shown,
        may_change=is_own and may_write and is_fresh and line.is_readable,
        may_take_back=is_own and line.is_readable,
        may_report=not is_own and line.is_shown and actor.can(Can.REPORT),
        may_block=not is_own and not line.by_facilitator and seat.may_block,
        may_moderate=actor.can(Can.MODERATE) and line.said.state != MessageState.REMOVED,
    )


def picture_of(seat: Seat, message: Message) -> Path:
    """The file to show. Raises NotFound where this reader does not see it, or no longer."""
    own, moderates = message.author_id == seat.actor.user.pk, seat.actor.can(Can.MODERATE)
    seen = {
        MessageState.SHOWN: True,
        MessageState.HELD: own or moderates,
        MessageState.HIDDEN: moderates,  # who decides has to see it
        MessageState.REMOVED: moderates and is_reported(message),
    }
    name = Picture.objects.filter(message=message).values_list("name", flat=True).first()
    if name is None or not seen[MessageState(message.state)] or not (file := path(name)).exists():
        raise NotFound
    return file


def others_here(seat: Seat) -> list[dict[str, str]]:
    """Everybody of the room but the reader, and nobody they must not see."""
    group, me = seat.room.group_id, seat.actor.user.pk
    return [
        {"id": str(one.id), "name": one.name}
        for one in people_in([group])[group]
        if one.pk != me and one.pk not in seat.sight.hidden
    ]


def _choices(said: Said, reader: User) -> list[Choice]:
    given = {one.kind: one.people for one in said.reactions}
    return [
        Choice(kind, people, any(who.id == reader.public_id for who in people))
        for kind in ReactionKind
        for people in [given.get(kind, ())]
    ]
