"""What pages need, already fetched."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Count, IntegerField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from chat.models import Message, MessageState, ReadMark, Room
from groups.membership.models import Group, Membership
from portal.accounts.models import User


@dataclass(frozen=True)
class GroupRow:
    """A group of mine and what is new in its room."""

    group: Group
    room: Room
    unread: int
    last_at: datetime | None


def groups_with_unread(user: User, *, now: datetime) -> list[GroupRow]:
    """The groups a person is in, those with something new first."""
    rooms = rooms_with_unread(user).select_related("group__site").annotate(last_at=Subquery(_last_at()))
    rows = [GroupRow(room.group, room, room.unread, room.last_at) for room in rooms]
    return sorted(rows, key=lambda row: (row.unread == 0, row.group.name.lower(), row.group.pk))


def rooms_with_unread(user: User):
    """The rooms a person may read, each with `mark` and `unread`: messages shown, not their own, above their mark."""
    groups = Membership.objects.active().filter(user=user).values("group_id")
    mark = ReadMark.objects.filter(room=OuterRef("pk"), user=user).values("seq")
    unread = (
        Message.objects.filter(room=OuterRef("pk"), state=MessageState.SHOWN, seq__gt=OuterRef("mark"))
        .exclude(author=user)
        .values("room")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        Room.objects.filter(group_id__in=groups)
        .annotate(mark=Coalesce(Subquery(mark), Value(0), output_field=BigIntegerField()))
        .annotate(unread=Coalesce(Subquery(unread), Value(0), output_field=IntegerField()))
        .order_by("pk")
    )


def _last_at():
    shown = Message.objects.filter(room=OuterRef("pk"), state=MessageState.SHOWN).order_by()
    return shown.values("room").annotate(at=Max("sent_at")).values("at")
