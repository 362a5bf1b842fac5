"""What pages need, already fetched."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chat.rooms import rooms_of
from portal.accounts.models import User


@dataclass(frozen=True)
class GroupName:
    """A group as a link names it."""

    public_id: UUID
    name: str


@dataclass(frozen=True)
class GroupRow:
    """A group of mine and what is new in its room."""

    group: GroupName
    room_id: UUID
    head: int
    mark: int
    unread: int
    last_at: datetime | None
    quiet: bool
    named: bool  # something new names them

    @property
    def presses(self) -> bool:
        """Whether something new here should catch the eye."""
        return self.unread > 0 and not self.quiet


def groups_with_unread(user: User, *, now: datetime) -> list[GroupRow]:
    """The groups a person is in, those with something new first."""
    rows = [
        GroupRow(
            GroupName(room.group_id, room.group_name),
            room.id,
            room.head,
            room.mark,
            room.unread,
            room.last_at,
            room.quiet,
            room.named,
        )
        for room in rooms_of([user.pk], at=now)[user.pk]
    ]
    return sorted(rows, key=lambda row: (row.unread == 0 or row.quiet, row.group.name.lower(), row.group.public_id))
