"""Opening a group to read it: a stated reason, a short time, and everybody who should know is told."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from groups.access import Actor, Can, group_for
from groups.followers import Happening
from groups.followers import tell as tell_followers
from groups.openings.models import Opening
from portal import audit
from portal.accounts.models import Role, Standing, User
from portal.errors import Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

MINUTES = (15, 60, 240)


class ReasonNeeded(Refusal):
    code, message = "reason_needed", "Please say why. The facilitators and the other admins will read it."


class OpenAlready(Refusal):
    code, message = "open_already", "This group is open to you already. It closes by itself."


class NotThatLong(Refusal):
    code, message = "not_that_long", "Please choose one of the times on the page."


@transaction.atomic(durable=True)
def open_group(admin: User, group_id: UUID, *, reason: str, minutes: int, at: datetime) -> Opening:
    """Let an admin read a group for a while. The group is held, so that one opening follows the other."""
    actor = group_for(admin, group_id, need=Can.OPEN, at=at, lock=True)
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded
    if minutes not in MINUTES:
        raise NotThatLong
    if actor.group.openings.in_force(at).filter(admin=admin).exists():
        raise OpenAlready

    ends_at = at + timedelta(minutes=minutes)
    opening = Opening.objects.create(group=actor.group, admin=admin, reason=reason, opened_at=at, ends_at=ends_at)
    _note(actor, "group.opened", at=at, reason=reason, minutes=minutes)
    for person in _who_should_know(actor):
        tell(person, Kind.GROUP_OPENED, at=at)
    return opening


@transaction.atomic(durable=True)
def close_group(admin: User, group_id: UUID, *, at: datetime) -> int:
    """End one's reading early. Harmless when it has ended."""
    actor = group_for(admin, group_id, need=Can.OPEN, at=at, lock=True)
    ended = actor.group.openings.in_force(at).filter(admin=admin).update(ended_at=at)
    if ended:
        _note(actor, "group.closed_again", at=at)
    return ended


def _note(actor: Actor, verb: str, *, at: datetime, reason: str = "", **facts: int) -> None:
    """Write it down, and let the admin's open pages look at their rights again."""
    group = actor.group
    audit.record(actor.user, verb, "group", group.public_id, at=at, group_id=group.public_id, reason=reason, **facts)
    tell_followers(Happening.RIGHTS_CHANGED, group=group, by=actor.user, at=at, person=actor.user)


def _who_should_know(actor: Actor) -> list[User]:
    """The group's facilitators, and every other admin. In one order, so that two openings lock nothing crosswise."""
    admins = User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED)
    facilitators = actor.group.memberships.facilitating().values("user")
    people = admins | User.objects.filter(pk__in=facilitators)
    return list(people.exclude(pk=actor.user.pk).distinct().order_by("pk"))
