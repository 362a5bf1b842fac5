"""Who has blocked whom: for the person themselves, and for those who facilitate."""

from dataclasses import dataclass

from django.db.models import F

from groups.membership.models import GroupRole, Membership, State
from groups.moderation.models import Block
from portal.accounts.models import User

ENOUGH = 100


@dataclass(frozen=True)
class Pair:
    """Two people of a group who do not see each other’s words in its room."""

    group: str
    blocker: str
    blocked: str


def my_blocks(user: User) -> list[Block]:
    """Whom this person has blocked, by name."""
    return list(
        Block.objects.in_force().filter(blocker=user).select_related("blocked").order_by("blocked__display_name", "pk")
    )


def has_blocked(user: User, person: User) -> bool:
    """Whether it is done already."""
    return Block.objects.in_force().filter(blocker=user, blocked=person).exists()


def pairs_for(user: User) -> list[Pair]:
    """The pairs in the groups this person facilitates."""
    mine = Membership.objects.facilitating().filter(user=user)
    stays = Membership.objects.active().filter(
        group__in=mine.values("group"),
        role=GroupRole.MEMBER,
        user__blocks__lifted_at=None,
        user__blocks__blocked__memberships__group=F("group"),
        user__blocks__blocked__memberships__state=State.ACTIVE,
        user__blocks__blocked__memberships__role=GroupRole.MEMBER,
    )
    names = ("group__name", "user__display_name", "user__blocks__blocked__display_name")
    return [Pair(*row) for row in stays.order_by(*names, "pk").values_list(*names)[:ENOUGH]]
