"""Doors to rooms and messages. Who may do what in a group is decided by `groups.access`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chat.models import Message, Room, RoomKind
from chat.refusals import Archived, Muted, OutsideHours, ReadOnly
from chat.rules import RoomRules
from groups.access import Actor, Can, actor_in, group_for
from groups.rights import Rights
from groups.sight import Sight, sight_in
from portal.accounts.models import User
from portal.errors import NotFound

READING = {RoomKind.GROUP: Can.READ, RoomKind.BACK: Can.READ_BACK}


def can_read(rights: Actor | Rights, kind: str) -> bool:
    """Whether who has these rights in a group may read its room of this kind."""
    return rights.can(READING[RoomKind(kind)])


def require_read(rights: Actor | Rights, kind: str) -> None:
    """A back room does not exist for who may not read it, members and admins of the group included."""
    if kind == RoomKind.BACK and not can_read(rights, kind):
        raise NotFound
    rights.require(Can.READ)


def can_write(rights: Rights, rules: RoomRules, *, at: datetime) -> bool:
    """Whether who has these rights may write in a room of these rules now."""
    return (
        rights.can(Can.WRITE)
        and can_read(rights, rules.kind)
        and (rules.is_open(at) or (rights.can(Can.MODERATE) and not rules.archived))
    )


def require_write(rights: Rights, rules: RoomRules, *, at: datetime, zone: str) -> None:
    """Raises why this person may not write here: Archived, Muted, ReadOnly, OutsideHours, or what the door says."""
    if can_write(rights, rules, at=at):
        return
    if rules.archived:
        raise Archived
    if rights.muted_until is not None:
        raise Muted(rights.muted_until, at=at, zone=zone)
    rights.require(Can.WRITE)
    opens = rules.opens_next(at)
    if opens is None or rules.is_read_only:
        raise ReadOnly
    raise OutsideHours(opens, at=at, zone=zone)


@dataclass(frozen=True)
class Seat:
    """A person in a room, at one moment."""

    actor: Actor
    room: Room
    sight: Sight

    @property
    def may_block(self) -> bool:
        """Whether they may want to see nothing of another member: who moderates has to see everybody."""
        return self.actor.can(Can.REPORT) and not self.actor.can(Can.MODERATE)


def room_for(user: User, room_id: UUID, *, need: Can = Can.READ, at: datetime, lock: bool = False) -> Seat:
    """The door to a room. With `lock` its row is held before rights are looked at, so neither can change after."""
    rows = Room.objects.select_related("group__site")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    try:
        room = rows.get(public_id=room_id)
    except Room.DoesNotExist:
        raise NotFound from None
    actor = actor_in(room.group, user, at=at)
    require_read(actor, room.kind)
    actor.require(need)
    return Seat(actor, room, sight_in(user.pk, room.group_id, at=at))


def room_of(user: User, group_id: UUID, *, need: Can = Can.READ, at: datetime, kind: str = RoomKind.GROUP) -> Seat:
    """The door to the room of a group, or to its back room."""
    actor = group_for(user, group_id, need=Can.SEE_CARD if kind == RoomKind.BACK else need, at=at)
    require_read(actor, kind)
    try:
        room = Room.objects.select_related("group").get(group=actor.group, kind=kind)
    except Room.DoesNotExist:
        raise NotFound from None
    return Seat(actor, room, sight_in(user.pk, actor.group.pk, at=at))


def message_for(
    user: User, room_id: UUID, message_id: UUID, *, need: Can = Can.READ, at: datetime, lock: bool = False
) -> tuple[Seat, Message]:
    """The door to a message this person sees, or wrote. With `lock` its room is held, and so all its messages are."""
    seat = room_for(user, room_id, need=need, at=at, lock=lock)
    try:
        message = seat.room.messages.select_related("author", "room__group").get(public_id=message_id)
    except Message.DoesNotExist:
        raise NotFound from None
    if message.author_id != user.pk and not seat.sight.sees(message.author_id, message.sent_at):
        raise NotFound
    return seat, message
