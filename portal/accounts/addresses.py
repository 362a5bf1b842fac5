"""Another e-mail address, and the way back: whoever reads the old mailbox can undo the change for three days."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from portal import audit, live
from portal.accounts.changes import AddressChange
from portal.accounts.joining import AddressTaken, name_or_address_taken
from portal.accounts.models import User
from portal.accounts.sessions import end_sessions
from portal.errors import NotFound
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

UNDO_FOR = timedelta(hours=72)
IN_DOUBT = timedelta(days=1)  # what was added in the day before such a change may be the stranger's as well
TOKEN_BYTES = 32


def note_change(person: User, *, old: str, here: str | None, at: datetime) -> None:
    """The address has just been changed, in the caller's transaction: other sessions end, the old mailbox hears."""
    token = token_urlsafe(TOKEN_BYTES)
    AddressChange.objects.create(
        person=person, old_email=old, token_hash=_hash(token), changed_at=at, expires_at=at + UNDO_FOR
    )
    end_sessions(person, but=here)
    tell(None, Kind.ADDRESS_CHANGED, at=at, address=old, secret=token)


def change_behind(token: str, *, at: datetime, lock: bool = False) -> AddressChange:
    """The door for who reads the old mailbox. Wrong, used and expired look the same."""
    rows = AddressChange.objects.open(at)
    if lock:
        rows = rows.select_for_update()
    try:
        return rows.get(token_hash=_hash(token))
    except AddressChange.DoesNotExist:
        raise NotFound from None


@transaction.atomic(durable=True)
def undo(token: str, *, at: datetime) -> User:
    """Bring the old address back. Nothing the stranger may know or have opens the account after that: every session
    ends, the password is void, and factors that came with the change go."""
    change = change_behind(token, at=at, lock=True)
    person = User.objects.select_for_update(no_key=True).get(pk=change.person_id)
    User.objects.unconfirmed().filter(email=change.old_email).exclude(pk=person.pk).delete()
    if User.objects.filter(email=change.old_email).exclude(pk=person.pk).exists():
        raise AddressTaken

    person.email = change.old_email
    person.set_unusable_password()
    with name_or_address_taken():
        person.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    removed = _forget_doubtful_factors(person, since=change.changed_at - IN_DOUBT)
    AddressChange.objects.filter(person=person, undone_at=None).update(undone_at=at)
    ended = end_sessions(person)
    audit.record(
        person,
        "address.restored",
        "person",
        person.public_id,
        at=at,
        sessions_ended=ended,
        factors_removed=removed,
    )
    tell(person, Kind.ADDRESS_RESTORED, at=at)
    live.publish(person.topic, {"type": "person.changed"})
    return person


def forget_old_changes(*, at: datetime) -> None:
    """Drop old addresses nobody can go back to any more."""
    AddressChange.objects.filter(expires_at__lte=at).delete()


def _forget_doubtful_factors(person: User, *, since: datetime) -> int:
    rows = Authenticator.objects.filter(user=person)
    main = rows.exclude(type=Authenticator.Type.RECOVERY_CODES)
    removed = main.filter(created_at__gte=since).count()
    rows.filter(created_at__gte=since).delete()
    if not main.exists():
        rows.delete()
    return removed


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
