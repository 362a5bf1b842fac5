"""Who may do what at the portal as a whole. What people may do in a group stands in `groups.access`."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from portal.accounts.models import Invitation, Role, SignIn, User
from portal.errors import NotFound


class SiteCan(StrEnum):
    """What an account may be allowed to do outside of any group."""

    TAKE_PART = "take part"  # see open groups, ask to join, have a schedule
    SEE_QUEUE = "see the queue"
    MANAGE_PEOPLE = "manage people"
    MANAGE_GROUPS = "manage groups"
    READ_AUDIT = "read the audit log"


SITE_GRANTS: dict[str, frozenset[SiteCan]] = {
    Role.PATIENT: frozenset({SiteCan.TAKE_PART}),
    Role.FACILITATOR: frozenset({SiteCan.TAKE_PART, SiteCan.SEE_QUEUE}),
    Role.ADMIN: frozenset(SiteCan),
}


def site_can(user: User, need: SiteCan) -> bool:
    """Whether this person's role and standing include it."""
    return user.is_authenticated and user.is_approved and need in SITE_GRANTS[user.role]


def require_site(user: User, need: SiteCan) -> None:
    """Let the person through or raise NotFound: a page of the staff does not exist for others."""
    if not site_can(user, need):
        raise NotFound


def person_for(user: User, public_id: UUID, *, need: SiteCan = SiteCan.MANAGE_PEOPLE, lock: bool = False) -> User:
    """The door to another person's account. Raises NotFound."""
    require_site(user, need)
    rows = User.objects.select_for_update(no_key=True) if lock else User.objects.select_related("standing_by")
    try:
        return rows.get(public_id=public_id)
    except User.DoesNotExist:
        raise NotFound from None


def sign_in_for(user: User, public_id: UUID, *, at: datetime) -> SignIn:
    """The door to a session of one's own, held until the transaction ends. Raises NotFound for anybody else's."""
    try:
        return SignIn.objects.filter(person=user).lasting(at).select_for_update(of=("self",)).get(public_id=public_id)
    except SignIn.DoesNotExist:
        raise NotFound from None


def invitation_for(user: User, public_id: UUID) -> Invitation:
    """The door to an invitation that has not been used or revoked, held until the transaction ends."""
    require_site(user, SiteCan.MANAGE_PEOPLE)
    try:
        return Invitation.objects.unanswered().select_for_update(no_key=True).get(public_id=public_id)
    except Invitation.DoesNotExist:
        raise NotFound from None


def invitation_behind(token: str, *, at: datetime, lock: bool = False) -> Invitation:
    """The door for who was invited. Wrong, used, revoked and expired look the same."""
    rows = Invitation.objects.open(at)
    if lock:
        rows = rows.select_for_update(no_key=True)
    try:
        return rows.get(token_hash=sha256(token.encode()).hexdigest())
    except Invitation.DoesNotExist:
        raise NotFound from None
