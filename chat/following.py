"""What the room does when its group changes, inside the transaction that changes the group."""

from datetime import datetime

from chat import changes
from chat.models import ChangeKind, ReadMark, Room
from groups.followers import Happening
from groups.membership.models import Group, Membership, Status
from portal.accounts.models import User


def follow(happening: Happening, *, group: Group, person: User | None, by: User | None, at: datetime) -> None:
    """Keep the room in step with its group. Stands in settings.GROUP_FOLLOWERS."""
    if happening is Happening.GROUP_CREATED:
        Room.objects.get_or_create(group=group, defaults={"created_at": at})
        return
    room = changes.hold(group=group)
    if room.archived != (group.status == Status.ARCHIVED):
        room.archived = not room.archived
        room.save(update_fields=["archived"])
    changes.raise_version(room)
    if happening is Happening.JOINED:
        changes.record(room, ChangeKind.JOINED, at=at, actor=person)
        _read_up_to_here(room, person, at=at)
    elif happening is Happening.LEFT:
        changes.record(room, ChangeKind.LEFT, at=at, actor=person)


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
