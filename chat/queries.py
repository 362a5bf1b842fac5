"""What pages need, already fetched."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chat.models import RoomKind, room_url
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
    kind: str

    @property
    def is_back(self) -> bool:
        """Whether it is the facilitators' room beside the group's."""
        return self.kind == RoomKind.BACK

    @property
    def name(self) -> str:
        """As a list of rooms shows it."""
        return f"{self.group.name}: facilitators" if self.is_back else self.group.name

    @property
    def url(self) -> str:
        return room_url(self.kind, self.group.public_id)

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
            room.rules.kind,
        )
        for room in rooms_of([user.pk], at=now)[user.pk]
    ]
    return sorted(rows, key=_place)


def _place(row: GroupRow) -> tuple[bool, str, UUID, bool]:
    """What presses first, then by name; a back room after its group's."""
    return not row.presses, row.group.name.lower(), row.group.public_id, row.is_back
