"""Asking to join, and the answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from groups.access import Actor, Can, group_for, membership_for
from groups.membership import deeds
from groups.membership.models import ASKING_STATES, JoinRule, Membership, State, Status
from portal import audit, limits
from portal.accounts.models import Role, Standing, User
from portal.errors import NotFound, Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

ASKS_EVERY, ASKS_AT_ONCE = 10 * 60, 8  # a person may ask eight groups in a row, then one in ten minutes


class TakesNobody(Refusal):
    code, message = "takes_nobody", "This group takes nobody new right now. Other groups do."


class AskTheClinic(Refusal):
    code, message = "ask_the_clinic", "You cannot ask to join here. The clinic can help you find a group that fits."


class AlreadyAnswered(Refusal):
    code, message = "already_answered", "This request has been answered already, or taken back."


def ask_to_join(user: User, group_id: UUID, *, words: str, accepted: int, at: datetime) -> Membership:
    """Ask for a place, or take one where anybody may join. Asking again changes nothing.

    `accepted` is the version of the agreement the person has read and accepted.
    """
    limits.take(f"ask.{user.public_id}", every=ASKS_EVERY, burst=ASKS_AT_ONCE, at=at)
    with transaction.atomic(durable=True):
        actor = group_for(user, group_id, need=Can.SEE_CARD, at=at, lock=True)
        if actor.membership is not None:
            return actor.membership
        actor.require(Can.ASK)
        group = actor.group
        if group.memberships.banned(user):
            raise AskTheClinic
        if group.status != Status.OPEN:
            raise TakesNobody
        deeds.accept(group, user, version=accepted, at=at)

        stay = Membership(group=group, user=user, asked_at=at, words=words)
        if group.places_for_newcomers() == 0:
            return deeds.step(stay, State.WAITLISTED, by=user, verb="membership.waitlisted", at=at)
        if group.join_rule == JoinRule.OPEN:
            return deeds.step(stay, State.ACTIVE, by=user, verb="membership.joined", at=at)
        deeds.step(stay, State.ASKED, by=user, verb="membership.asked", at=at)
        _tell_deciders(actor, at=at)
        return stay


@transaction.atomic(durable=True)
def approve(user: User, group_id: UUID, membership_id: UUID, *, at: datetime, words: str = "") -> Membership:
    """Let somebody in. Places are counted under the group's lock, so the last one is given once."""
    actor, stay = membership_for(user, group_id, membership_id, need=Can.DECIDE, at=at, lock=True)
    if stay.state == State.ACTIVE:
        return stay
    if stay.state not in ASKING_STATES:
        raise AlreadyAnswered
    if actor.group.status == Status.ARCHIVED:
        raise TakesNobody
    deeds.require_fit(stay.user, stay.role)
    deeds.require_place(actor.group, besides=stay)

    deeds.step(stay, State.ACTIVE, by=user, verb="membership.approved", at=at, words=words)
    tell(stay.user, Kind.REQUEST_APPROVED, at=at)
    return stay


@transaction.atomic(durable=True)
def decline(user: User, group_id: UUID, membership_id: UUID, *, words: str, at: datetime) -> Membership:
    """Say no to a request, with words the person will read."""
    _, stay = membership_for(user, group_id, membership_id, need=Can.DECIDE, at=at, lock=True)
    deeds.require_words(words)
    if stay.state == State.DECLINED:
        return stay
    if stay.state not in ASKING_STATES:
        raise AlreadyAnswered

    deeds.step(stay, State.DECLINED, by=user, verb="membership.declined", at=at, words=words)
    tell(stay.user, Kind.REQUEST_DECLINED, at=at)
    return stay


@transaction.atomic(durable=True)
def accept_agreement(user: User, group_id: UUID, *, version: int, at: datetime) -> Membership:
    """Accept the agreement in force, for who is in the group already. Doing it twice is harmless."""
    actor = group_for(user, group_id, need=Can.LEAVE, at=at, lock=True)
    if actor.membership is None:
        raise NotFound
    if deeds.accept(actor.group, user, version=version, at=at):
        group = actor.group.public_id
        audit.record(user, "agreement.accepted", "group", group, at=at, group_id=group, version=version)
    return actor.membership


def _tell_deciders(actor: Actor, *, at: datetime) -> None:
    """Tell the group's facilitators that somebody asks; without any, the admins."""
    running = actor.group.memberships.facilitating()
    deciders = list(User.objects.filter(memberships__in=running))
    if not deciders:
        deciders = list(User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED))
    for person in deciders:
        tell(person, Kind.REQUEST_RECEIVED, at=at)
