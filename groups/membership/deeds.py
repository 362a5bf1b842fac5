"""What happens to a stay in a group. Helpers for actions: each runs in the caller's transaction.

The caller has opened the group's door and holds its lock, so places and facilitators are counted truly.
"""

from datetime import datetime

from groups.access import Actor, Can
from groups.followers import Happening
from groups.followers import tell as tell_followers
from groups.membership.models import (
    ASKING_STATES,
    ENDED_STATES,
    AgreementReceipt,
    Group,
    GroupRole,
    Membership,
    MembershipChange,
    State,
)
from portal import audit
from portal.accounts.models import User
from portal.errors import NotAllowed, Refusal
from portal.notifications.actions import tell as tell_person
from portal.notifications.kinds import Kind


class GroupFull(Refusal):
    code, message = "group_full", "Every place in this group is taken. Nothing has been changed."


class AgreementNeeded(Refusal):
    code, message = "agreement_needed", "The agreement has changed. Please read it, then tick the box below it."


class NeedsReason(Refusal):
    code, message = "needs_reason", "Please say why in a few words."


class NotInGroup(Refusal):
    code, message = "not_in_group", "This person is not in the group now."


class NotInYet(Refusal):
    code, message = "not_in_yet", "This person is not in the group yet. You can answer the request instead."


class LeaveInstead(Refusal):
    code, message = "leave_instead", "This is you. To go, use “Leave this group”."


class FacilitatorStays(NotAllowed):
    """Only an admin ends a facilitator's stay."""

    code, message = "facilitator_stays", "This person is a facilitator. Only an admin can change that."


class NotAFacilitator(Refusal):
    code = "not_a_facilitator"
    message = "Only people with a facilitator account can run a group. Change the account’s role first."


class AccountNotReady(Refusal):
    code, message = "account_not_ready", "This account is not open, so it cannot join a group now."


def require_words(words: str) -> None:
    if not words.strip():
        raise NeedsReason


def require_place(group: Group, *, besides: Membership | None = None) -> None:
    """Raises GroupFull when others hold every place."""
    if group.places_left(besides=besides) <= 0:
        raise GroupFull


def require_fit(person: User, role: str) -> None:
    """A role in a group needs an open account, and running one needs the account's role as well."""
    if not person.is_approved:
        raise AccountNotReady
    if role == GroupRole.FACILITATOR and not person.is_staff_member:
        raise NotAFacilitator


def accept(group: Group, person: User, *, version: int, at: datetime) -> bool:
    """Keep the receipt for the agreement in force. Says whether it is a new one. Raises AgreementNeeded."""
    agreement = group.current_agreement()
    if agreement is None:
        return False
    if agreement.version != version:
        raise AgreementNeeded
    _, new = AgreementReceipt.objects.get_or_create(agreement=agreement, user=person, defaults={"accepted_at": at})
    return new


def step(
    stay: Membership,
    to: State,
    *,
    by: User,
    verb: str,
    at: datetime,
    words: str = "",
    reason: str = "",
) -> Membership:
    """One step of a stay: the row, its history, the audit entry, and the followers when rights change.

    `words` are for the person and stay in the group; a `reason` is for the record and stands in the audit log, too.
    """
    was_in = stay.pk is not None and stay.state == State.ACTIVE
    stay.state = to
    if to == State.ACTIVE and stay.joined_at is None:
        stay.joined_at = at
    if to in ENDED_STATES:
        stay.ended_at = at
    if stay.pk is None:
        stay.save()
    else:
        stay.save(update_fields=["state", "role", "joined_at", "ended_at"])
    note(stay, by=by, verb=verb, at=at, words=words, reason=reason)
    if was_in != (to == State.ACTIVE):
        tell_followers(Happening.LEFT if was_in else Happening.JOINED, group=stay.group, by=by, at=at, person=stay.user)
    return stay


def note(stay: Membership, *, by: User, verb: str, at: datetime, words: str = "", reason: str = "") -> None:
    """Write down where a stay stands now, in its own history and in the audit log."""
    MembershipChange.objects.create(
        membership=stay, state=stay.state, role=stay.role, by=by, at=at, reason=words or reason
    )
    audit.record(
        by,
        verb,
        "membership",
        stay.public_id,
        at=at,
        group_id=stay.group.public_id,
        reason=reason,
        person=str(stay.user.public_id),
        role=stay.role,
    )


def remove(actor: Actor, stay: Membership, *, reason: str, at: datetime) -> Membership:
    """End somebody's stay. They may ask again."""
    if stay.state in ASKING_STATES:
        raise NotInYet
    return _end(actor, stay, State.REMOVED, verb="membership.removed", reason=reason, at=at)


def ban(actor: Actor, stay: Membership, *, reason: str, at: datetime) -> Membership:
    """End somebody's stay or request. They cannot ask again here."""
    return _end(actor, stay, State.BANNED, verb="membership.banned", reason=reason, at=at)


def _end(actor: Actor, stay: Membership, to: State, *, verb: str, reason: str, at: datetime) -> Membership:
    require_words(reason)
    if stay.state == to:
        return stay
    if stay.ended_at is not None:
        raise NotInGroup
    if stay.user == actor.user:
        raise LeaveInstead
    if stay.role == GroupRole.FACILITATOR and not actor.can(Can.ASSIGN):
        raise FacilitatorStays
    step(stay, to, by=actor.user, verb=verb, at=at, reason=reason)
    tell_person(stay.user, Kind.MEMBERSHIP_CHANGED, at=at)
    return stay
