"""What people do with their second factors. Each deed is told by mail, written down, and ends their other sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction

from portal import audit
from portal.accounts.access import person_for
from portal.accounts.factors import codes
from portal.accounts.factors.queries import PUBLIC_ID
from portal.accounts.models import User
from portal.accounts.sessions import end_sessions
from portal.errors import NotFound, Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

MOST_PASSKEYS = 10


class HasApp(Refusal):
    code, message = "has_app", "You have an authenticator app already. Remove it first to add another one."


class EnoughPasskeys(Refusal):
    code, message = "enough_passkeys", "You have ten passkeys. Remove one that you do not use any more first."


class LastFactor(Refusal):
    code = "last_factor"
    message = "This is your only way to show that it is you, and you need one here. Add another one first."


class NoFactor(Refusal):
    code, message = "no_factor", "Recovery codes stand in for a passkey or an app. Add one of these first."


class NothingToReset(Refusal):
    code, message = "nothing_to_reset", "This person has no second factor. Nothing has been changed."


@transaction.atomic(durable=True)
def add_app(person: User, *, secret: str, counter: int, here: str | None, at: datetime) -> list[str]:
    """Add an authenticator app whose first code was right. Returns recovery codes if these are the first."""
    person = _held(person)
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        raise HasApp
    row = TOTP.activate(person, secret).instance
    row.data[codes.SPENT] = counter
    return _added(row, "app", here=here, at=at)


@transaction.atomic(durable=True)
def add_passkey(person: User, *, name: str, credential: dict[str, Any], here: str | None, at: datetime) -> list[str]:
    """Add a passkey. Returns recovery codes if these are the first."""
    person = _held(person)
    if Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise EnoughPasskeys
    row = WebAuthn.add(person, name, credential).instance
    return _added(row, "passkey", here=here, at=at)


@transaction.atomic(durable=True)
def rename_passkey(person: User, factor_id: UUID, *, name: str, at: datetime) -> None:
    """Call a passkey something else. The audit does not say what."""
    row = _factor_for(_held(person), factor_id, only_passkeys=True)
    row.data["name"] = name
    row.save(update_fields=["data"])
    audit.record(person, "factor.renamed", "person", person.public_id, at=at)


@transaction.atomic(durable=True)
def remove(person: User, factor_id: UUID, *, here: str | None, at: datetime) -> None:
    """Remove a passkey or the app. Who works here keeps at least one; with the last one recovery codes go, too."""
    person = _held(person)
    row = _factor_for(person, factor_id)
    others = _main(person).exclude(pk=row.pk).exists()
    if not others and settings.STAFF_NEED_FACTOR and person.is_staff_member:
        raise LastFactor
    what = _word(row)
    row.delete()
    if not others:
        Authenticator.objects.filter(user=person).delete()
    ended = end_sessions(person, but=here)
    audit.record(person, "factor.removed", "person", person.public_id, at=at, what=what, sessions_ended=ended)
    tell(person, Kind.FACTOR_REMOVED, at=at)


@transaction.atomic(durable=True)
def renew_codes(person: User, *, at: datetime) -> list[str]:
    """New recovery codes. The ones before work no more."""
    person = _held(person)
    if not _main(person).exists():
        raise NoFactor
    Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
    audit.record(person, "factor.codes_renewed", "person", person.public_id, at=at)
    tell(person, Kind.CODES_RENEWED, at=at)
    return RecoveryCodes.activate(person).generate_codes()


@transaction.atomic(durable=True)
def close_offer(person: User, *, at: datetime) -> None:
    """No, thanks. They are not invited to add a passkey again."""
    User.objects.filter(pk=person.pk, passkey_offer_closed_at=None).update(passkey_offer_closed_at=at)


@transaction.atomic(durable=True)
def reset_for(admin: User, person_id: UUID, *, reason: str, at: datetime) -> User:
    """Take away all factors of somebody who lost them, whom the admin knows it is. Their sessions end."""
    person = person_for(User.objects.get(pk=admin.pk), person_id, lock=True)
    return _reset(person, by=admin, reason=reason, at=at)


@transaction.atomic(durable=True)
def reset_by_server(email: str, *, at: datetime) -> User:
    """The same by whoever holds the server, for the admin who has nobody else to ask."""
    person = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower()).first()
    if person is None:
        raise NothingToReset
    return _reset(person, by=None, reason="by the server's keeper", at=at)


def _held(person: User) -> User:
    """The person, held until the transaction ends: two windows at once do not make two apps."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _reset(person: User, *, by: User | None, reason: str, at: datetime) -> User:
    if not _main(person).exists():
        raise NothingToReset
    Authenticator.objects.filter(user=person).delete()
    ended = end_sessions(person)
    audit.record(by, "factor.reset", "person", person.public_id, at=at, reason=reason, sessions_ended=ended)
    tell(person, Kind.FACTOR_REMOVED, at=at)
    return person


def _added(row: Authenticator, what: str, *, here: str | None, at: datetime) -> list[str]:
    person: User = row.user
    row.data[PUBLIC_ID] = str(uuid4())
    row.save(update_fields=["data"])
    first = not Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).exists()
    ended = end_sessions(person, but=here)
    audit.record(person, "factor.added", "person", person.public_id, at=at, what=what, sessions_ended=ended)
    tell(person, Kind.FACTOR_ADDED, at=at)
    return RecoveryCodes.activate(person).generate_codes() if first else []


def _main(person: User) -> Any:
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)


def _factor_for(person: User, factor_id: UUID, *, only_passkeys: bool = False) -> Authenticator:
    """The door to one's own factor. Other people's do not exist."""
    rows = _main(person).select_for_update()
    if only_passkeys:
        rows = rows.filter(type=Authenticator.Type.WEBAUTHN)
    try:
        row: Authenticator = rows.get(**{f"data__{PUBLIC_ID}": str(factor_id)})
    except Authenticator.DoesNotExist:
        raise NotFound from None
    return row


def _word(row: Authenticator) -> str:
    return "app" if row.type == Authenticator.Type.TOTP else "passkey"
