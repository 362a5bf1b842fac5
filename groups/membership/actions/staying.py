"""Coming, going and roles of people in a group, other than by a request."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from groups.access import Can, group_for, membership_for
from groups.followers import Happening
from groups.followers import tell as tell_followers
from groups.membership import deeds
from groups.membership.models import ASKING_STATES, GroupRole, Membership, State, Status
from portal.accounts.access import person_for
from portal.accounts.models import User
from portal.errors import NotFound, Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind


class LastFacilitator(Refusal):
    code = "last_facilitator"
    message = "You are the only facilitator here. Ask an admin to name another one first. Then you can leave."


class AlreadyIn(Refusal):
    code, message = "already_in", "This person is in the group already. You can change the role instead."


class GroupArchived(Refusal):
    code, message = "group_archived", "This group is archived, so nobody can be added."


@transaction.atomic(durable=True)
def leave(user: User, group_id: UUID, *, at: datetime) -> Membership:
    """Go, or take a request back. A running group is not left without a facilitator."""
    actor = group_for(user, group_id, need=Can.LEAVE, at=at, lock=True)
    stay = actor.membership
    if stay is None:
        raise NotFound
    if stay.state in ASKING_STATES:
        return deeds.step(stay, State.LEFT, by=user, verb="membership.taken_back", at=at)
    others = actor.group.memberships.facilitating().exclude(pk=stay.pk)
    if actor.is_facilitator and actor.group.status != Status.ARCHIVED and not others.exists():
        raise LastFacilitator
    return deeds.step(stay, State.LEFT, by=user, verb="membership.left", at=at)


@transaction.atomic(durable=True)
def remove_member(user: User, group_id: UUID, membership_id: UUID, *, reason: str, at: datetime) -> Membership:
    """End somebody's stay. They may ask again."""
    actor, stay = membership_for(user, group_id, membership_id, need=Can.REMOVE, at=at, lock=True)
    return deeds.remove(actor, stay, reason=reason, at=at)


@transaction.atomic(durable=True)
def ban_member(user: User, group_id: UUID, membership_id: UUID, *, reason: str, at: datetime) -> Membership:
    """End somebody's stay or request. They cannot ask again here; an admin may still add them."""
    actor, stay = membership_for(user, group_id, membership_id, need=Can.REMOVE, at=at, lock=True)
    return deeds.ban(actor, stay, reason=reason, at=at)


@transaction.atomic(durable=True)
def add_person(admin: User, group_id: UUID, person_id: UUID, *, role: GroupRole, at: datetime) -> Membership:
    """Put a person into a group, also one that asked, paused or was banned."""
    actor = group_for(admin, group_id, need=Can.ASSIGN, at=at, lock=True)
    person = person_for(admin, person_id)
    group = actor.group
    if group.status == Status.ARCHIVED:
        raise GroupArchived
    deeds.require_fit(person, role)
    stay = group.memberships.open().filter(user=person).first() or Membership(group=group, user=person, asked_at=at)
    if stay.state == State.ACTIVE:
        if stay.role == role:
            return stay
        raise AlreadyIn
    if role == GroupRole.MEMBER:
        deeds.require_place(group, besides=stay)

    stay.group, stay.user, stay.role = group, person, role
    deeds.step(stay, State.ACTIVE, by=admin, verb="membership.added", at=at)
    if person != admin:
        tell(person, Kind.MEMBERSHIP_CHANGED, at=at)
    return stay


@transaction.atomic(durable=True)
def change_role(
    admin: User, group_id: UUID, membership_id: UUID, *, role: GroupRole, reason: str, at: datetime
) -> Membership:
    """Make somebody a facilitator of the group, or a member again. A member needs a place."""
    actor, stay = membership_for(admin, group_id, membership_id, need=Can.ASSIGN, at=at, lock=True)
    deeds.require_words(reason)
    if stay.state != State.ACTIVE:
        raise deeds.NotInGroup
    if stay.role == role:
        return stay
    deeds.require_fit(stay.user, role)
    if role == GroupRole.MEMBER:
        deeds.require_place(actor.group)

    stay.role = role
    stay.save(update_fields=["role"])
    deeds.note(stay, by=admin, verb="membership.role_changed", at=at, reason=reason)
    tell_followers(Happening.RIGHTS_CHANGED, group=actor.group, by=admin, at=at, person=stay.user)
    if stay.user != admin:
        tell(stay.user, Kind.MEMBERSHIP_CHANGED, at=at)
    return stay
