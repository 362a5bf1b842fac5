"""Inviting somebody: one link, for one address, once."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from portal import audit
from portal.accounts.access import SiteCan, invitation_behind, invitation_for, require_site
from portal.accounts.joining import AddressTaken, name_or_address_taken
from portal.accounts.models import Invitation, Role, Standing, User
from portal.errors import Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

VALID_FOR = timedelta(days=7)
TOKEN_BYTES = 32


class AlreadyInvited(Refusal):
    code, message = "already_invited", "This address has an invitation already. You can send it again from the list."


@transaction.atomic(durable=True)
def invite(admin: User, *, email: str, role: Role, at: datetime) -> Invitation:
    """Invite an address. The token goes out by mail only; the row keeps its hash."""
    require_site(admin, SiteCan.MANAGE_PEOPLE)
    email = email.strip().lower()
    if User.objects.known().exclude(standing=Standing.INVITED).filter(email=email).exists():
        raise AddressTaken
    if Invitation.objects.unanswered().filter(email=email).exists():
        raise AlreadyInvited

    token = token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        token_hash=_hash(token),
        invited_by=admin,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    audit.record(admin, "invitation.sent", "invitation", invitation.public_id, at=at, role=str(role))
    tell(None, Kind.INVITATION, at=at, address=email, secret=token)
    return invitation


@transaction.atomic(durable=True)
def send_again(admin: User, invitation_id: UUID, *, at: datetime) -> Invitation:
    """A new link for the same address. The one before stops working."""
    invitation = invitation_for(admin, invitation_id)
    token = token_urlsafe(TOKEN_BYTES)
    invitation.token_hash, invitation.expires_at = _hash(token), at + VALID_FOR
    invitation.save(update_fields=["token_hash", "expires_at"])
    audit.record(admin, "invitation.sent_again", "invitation", invitation.public_id, at=at)
    tell(None, Kind.INVITATION, at=at, address=invitation.email, secret=token)
    return invitation


@transaction.atomic(durable=True)
def revoke(admin: User, invitation_id: UUID, *, at: datetime) -> Invitation:
    """Take an invitation back. Its link looks like one that never was."""
    invitation = invitation_for(admin, invitation_id)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    audit.record(admin, "invitation.revoked", "invitation", invitation.public_id, at=at)
    return invitation


@transaction.atomic(durable=True)
def accept(token: str, *, display_name: str, legal_name: str, time_zone: str, password: str, at: datetime) -> User:
    """Make the account an invitation is for. Who has the link reads that mailbox, so the address counts as theirs."""
    invitation = invitation_behind(token, at=at, lock=True)
    person = _place_for(invitation, at)
    person.display_name, person.legal_name, person.time_zone = display_name, legal_name, time_zone
    person.role, person.standing = invitation.role, Standing.APPROVED
    person.standing_at, person.standing_by = at, invitation.invited_by
    person.set_password(password)
    with name_or_address_taken():
        person.save()
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(person, "invitation.accepted", "invitation", invitation.public_id, at=at, role=invitation.role)
    return person


def _place_for(invitation: Invitation, at: datetime) -> User:
    """The row an account goes into: one that was prepared for this address, or a new one."""
    User.objects.unconfirmed().filter(email=invitation.email).delete()
    there = User.objects.filter(email=invitation.email).first()
    if there is None:
        return User(email=invitation.email, created_at=at)
    if there.standing != Standing.INVITED:
        raise AddressTaken
    return there


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
