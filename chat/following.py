"""What the room does when its group changes, inside the transaction that changes the group."""

from datetime import datetime

from chat import changes
from chat.models import ChangeKind, ReadMark, Room, RoomKind
from groups.followers import Happening
from groups.membership.models import Group, Membership, Status
from portal.accounts.models import User


def follow(happening: Happening, *, group: Group, person: User | None, by: User | None, at: datetime) -> None:
    """Keep the rooms in step with its group. Stands in settings.GROUP_FOLLOWERS."""
    if happening is Happening.GROUP_CREATED:
        Room.objects.get_or_create(group=group, kind=RoomKind.GROUP, defaults={"created_at": at})
        return
    rooms = Room.objects.select_for_update(no_key=True).filter(group=group).order_by("pk")
    for room in rooms.filter(kind=RoomKind.GROUP) if happening is Happening.SIGHT_CHANGED else rooms:
        if room.archived != (group.status == Status.ARCHIVED):
            room.archived = not room.archived
            room.save(update_fields=["archived"])
        changes.raise_version(room)
        if room.is_back:
            continue
        if happening is Happening.JOINED:
            changes.record(room, ChangeKind.JOINED, at=at, actor=person)
            _read_up_to_here(room, person, at=at)
        elif happening is Happening.LEFT:
            changes.record(room, ChangeKind.LEFT, at=at, actor=person)
    if happening in (Happening.JOINED, Happening.RIGHTS_CHANGED) and person is not None:
        _open_back_room(group, person, at=at)


def _open_back_room(group: Group, person: User, *, at: datetime) -> None:
    """Whoever begins to facilitate finds a back room, and nothing in it that is new to them."""
    if group.memberships.facilitating().filter(user=person).exists():
        room, _ = Room.objects.get_or_create(group=group, kind=RoomKind.BACK, defaults={"created_at": at})
        if not ReadMark.objects.filter(room=room, user=person).exists():
            _read_up_to_here(room, person, at=at)


def _read_up_to_here(room: Room, person: User | None, *, at: datetime) -> None:
    """Whoever comes in starts with nothing unread: what was said before is history to them."""
    ReadMark.objects.update_or_create(
        room=room, user=person, defaults={"seq": room.head_seq, "unread_from": None, "at": at}
    )


def follow_person(person: User) -> None:
    """A person's account or sessions end in this transaction: no byte goes to their sockets before a look at both.

    The rooms are held in the one order everybody takes them in.
    """
    groups = Membership.objects.active().filter(user=person).values("group_id")
    for room in Room.objects.select_for_update(no_key=True).filter(group_id__in=groups).order_by("pk"):
        changes.raise_version(room)
