"""What moderation does to a message or a person. Helpers for actions: each runs in the caller's transaction.

The caller has opened the door with Can.MODERATE and holds the group's lock.
"""

from datetime import datetime, timedelta

from groups.access import Actor, Can
from groups.followers import Happening, tell
from groups.membership import deeds as stays
from groups.membership.models import GroupRole, Membership
from groups.moderation.models import Sanction
from groups.moderation.targets import Target, kind_named
from portal import audit
from portal.accounts.models import User
from portal.errors import Refusal

LONGEST_MUTE = 30 * 24 * 60  # minutes


class MuteTooLong(Refusal):
    code, message = "mute_too_long", "A mute lasts from 1 minute to 30 days."


def hide(actor: Actor, target: Target, *, reason: str, at: datetime) -> None:
    """Take a thing from everybody's sight. What is out of sight already stays as it is."""
    stays.require_words(reason)
    if not target.in_sight:
        return
    kind_named(target.kind).hide(target.public_id, by=actor.user, at=at)
    _record(actor, f"{target.kind}.hidden", target, reason=reason, at=at)


def show(actor: Actor, target: Target, *, reason: str, at: datetime) -> None:
    """Give a hidden thing back. What its author took back stays away."""
    stays.require_words(reason)
    if target.gone or not target.hidden:
        return
    kind_named(target.kind).show(target.public_id, by=actor.user, at=at)
    _record(actor, f"{target.kind}.shown", target, reason=reason, at=at)


def mute(actor: Actor, person: User, *, minutes: int, reason: str, at: datetime) -> Sanction:
    """Let a member read but not write for a time. A new mute takes the place of the one before."""
    stays.require_words(reason)
    if not 0 < minutes <= LONGEST_MUTE:
        raise MuteTooLong
    stay = _member(actor, person)
    _lift(actor, stay.user, at=at)
    sanction = Sanction.objects.create(
        group=actor.group,
        user=stay.user,
        starts_at=at,
        ends_at=at + timedelta(minutes=minutes),
        by=actor.user,
        reason=reason,
    )
    audit.record(
        actor.user,
        "member.muted",
        "membership",
        stay.public_id,
        at=at,
        group_id=actor.group.public_id,
        reason=reason,
        minutes=minutes,
    )
    tell(Happening.RIGHTS_CHANGED, group=actor.group, by=actor.user, at=at, person=stay.user)
    return sanction


def unmute(actor: Actor, stay: Membership, *, at: datetime) -> None:
    """End a mute early. Harmless when there is none."""
    if not _lift(actor, stay.user, at=at):
        return
    audit.record(actor.user, "member.unmuted", "membership", stay.public_id, at=at, group_id=actor.group.public_id)
    tell(Happening.RIGHTS_CHANGED, group=actor.group, by=actor.user, at=at, person=stay.user)


def remove(actor: Actor, person: User, *, reason: str, at: datetime) -> Membership:
    """End a member's stay."""
    actor.require(Can.REMOVE)
    return stays.remove(actor, _member(actor, person), reason=reason, at=at)


def _member(actor: Actor, person: User) -> Membership:
    """The stay of somebody who is in and no facilitator. Raises NotInGroup or FacilitatorStays."""
    stay = Membership.objects.active().filter(group=actor.group, user=person).select_related("group", "user").first()
    if stay is None:
        raise stays.NotInGroup
    if stay.role == GroupRole.FACILITATOR:
        raise stays.FacilitatorStays
    return stay


def _lift(actor: Actor, person: User, *, at: datetime) -> int:
    in_force = Sanction.objects.in_force(at).filter(group=actor.group, user=person)
    return in_force.update(lifted_at=at, lifted_by=actor.user)


def _record(actor: Actor, verb: str, target: Target, *, reason: str, at: datetime) -> None:
    audit.record(actor.user, verb, target.kind, target.public_id, at=at, group_id=actor.group.public_id, reason=reason)
