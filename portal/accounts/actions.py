"""What an admin does with people's accounts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal import audit, live
from portal.accounts.access import SiteCan, person_for, require_site
from portal.accounts.joining import address_is_confirmed
from portal.accounts.models import Role, Standing, User
from portal.accounts.sessions import end_sessions
from portal.errors import NotFound, Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind


class NotWaiting(Refusal):
    code, message = "not_waiting", "This account does not wait for approval. Somebody may have decided before you."


class NotConfirmed(Refusal):
    code, message = "not_confirmed", "This person has not confirmed their e-mail address yet."


class NotAway(Refusal):
    code, message = "not_away", "This account is open already. Nothing has been changed."


class GoneForGood(Refusal):
    code, message = "gone_for_good", "This person closed their account for good. Invite them again instead."


class AlreadyClosed(Refusal):
    code, message = "already_closed", "This account is closed already. Nothing has been changed."


class SameRole(Refusal):
    code, message = "same_role", "This person has that role already. Nothing has been changed."


class NotYourself(Refusal):
    code, message = "not_yourself", "You can’t do this to your own account. Ask another admin."


class LastAdmin(Refusal):
    code, message = "last_admin", "This is the only admin. Make somebody else an admin first."


@transaction.atomic(durable=True)
def approve(admin: User, person_id: UUID, *, at: datetime) -> User:
    """Let somebody who waits come in."""
    person = person_for(_admin_now(admin), person_id, lock=True)
    if person.standing != Standing.WAITING:
        raise NotWaiting
    if not address_is_confirmed(person):
        raise NotConfirmed

    _stand(person, Standing.APPROVED, by=admin, at=at)
    audit.record(admin, "account.approved", "person", person.public_id, at=at)
    tell(person, Kind.ACCOUNT_APPROVED, at=at)
    return person


@transaction.atomic(durable=True)
def change_role(admin: User, person_id: UUID, *, role: Role, reason: str, at: datetime) -> User:
    """Give somebody another role at the portal. They sign in again with it; their sessions end."""
    admins = _admins_held(admin)
    person = person_for(admin, person_id, lock=True)
    if person.pk == admin.pk:
        raise NotYourself
    if person.role == role:
        raise SameRole
    _keep_one(admins, without=person)

    before, person.role = person.role, role
    person.save(update_fields=["role"])
    end_sessions(person)
    audit.record(
        admin, "role.changed", "person", person.public_id, at=at, reason=reason, before=before, after=str(role)
    )
    tell(person, Kind.ROLE_CHANGED, at=at)
    live.publish(person.topic, {"type": "person.changed"})
    return person


@transaction.atomic(durable=True)
def deactivate(admin: User, person_id: UUID, *, reason: str, at: datetime) -> User:
    """Close an account: whatever it is signed in to ends in the same deed."""
    admins = _admins_held(admin)
    person = person_for(admin, person_id, lock=True)
    if person.pk == admin.pk:
        raise NotYourself
    if person.standing == Standing.DEACTIVATED:
        raise AlreadyClosed
    _keep_one(admins, without=person)

    before = person.standing
    _stand(person, Standing.DEACTIVATED, by=admin, at=at)
    ended = end_sessions(person)
    audit.record(
        admin,
        "account.deactivated",
        "person",
        person.public_id,
        at=at,
        reason=reason,
        before=before,
        sessions_ended=ended,
    )
    return person


@transaction.atomic(durable=True)
def sign_out_everywhere(admin: User, person_id: UUID, *, at: datetime) -> int:
    """End every session of somebody who has lost a phone, say. They can sign in again at once."""
    person = person_for(_admin_now(admin), person_id, lock=True)
    ended = end_sessions(person)
    audit.record(admin, "session.ended", "person", person.public_id, at=at, sessions_ended=ended)
    return ended


@transaction.atomic(durable=True)
def let_return(admin: User, person_id: UUID, *, at: datetime) -> User:
    """Open a closed or paused account again."""
    person = person_for(_admin_now(admin), person_id, lock=True)
    if person.standing not in (Standing.DEACTIVATED, Standing.PAUSED):
        raise NotAway
    if person.is_erased:
        raise GoneForGood

    before = person.standing
    _stand(person, Standing.APPROVED, by=admin, at=at)
    audit.record(admin, "account.returned", "person", person.public_id, at=at, before=before)
    tell(person, Kind.ACCOUNT_RETURNED, at=at)
    return person


def note_seen(admin: User, person_id: UUID, *, at: datetime) -> None:
    """Write down that an admin looked at somebody's account: legal name and address stand there."""
    person = person_for(admin, person_id)
    audit.record_look(admin, "person.seen", "person", person.public_id, at=at)


def _admin_now(admin: User) -> User:
    """The admin as they stand now: they may have lost the role since the page was opened."""
    return User.objects.get(pk=admin.pk)


def _admins_held(admin: User) -> list[User]:
    """Every admin, held until the transaction ends, so that two cannot remove each other at the same moment."""
    rows = User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED)
    admins = list(rows.select_for_update(no_key=True).order_by("pk"))
    if admin.pk not in {row.pk for row in admins}:
        require_site(admin, SiteCan.MANAGE_PEOPLE)
        raise NotFound
    return admins


def _keep_one(admins: list[User], *, without: User) -> None:
    if [row.pk for row in admins] == [without.pk]:
        raise LastAdmin


def _stand(person: User, standing: Standing, *, by: User, at: datetime) -> None:
    person.standing, person.standing_at, person.standing_by = standing, at, by
    person.save(update_fields=["standing", "standing_at", "standing_by"])
    live.publish(person.topic, {"type": "person.changed"})
