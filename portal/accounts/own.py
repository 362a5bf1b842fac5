"""What people change about themselves."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal import audit, live
from portal.accounts.access import sign_in_for
from portal.accounts.joining import name_or_address_taken
from portal.accounts.models import User
from portal.accounts.sessions import end_sessions, end_these


@transaction.atomic(durable=True)
def change_profile(person: User, *, display_name: str, time_zone: str, at: datetime) -> User:
    """Take another name to be seen by, or another time zone. The audit says what changed, never to which words."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    wanted = {"display_name": display_name, "time_zone": time_zone}
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    if not changed:
        return person

    for field in changed:
        setattr(person, field, wanted[field])
    with name_or_address_taken():
        person.save(update_fields=changed)
    audit.record(person, "profile.changed", "person", person.public_id, at=at, changed=changed)
    live.publish(person.topic, {"type": "person.changed"})
    return person


@transaction.atomic(durable=True)
def change_password(person: User, *, password: str, at: datetime) -> User:
    """A new password ends every session: whoever had the old one is out."""
    person.set_password(password)
    person.save(update_fields=["password"])
    ended = end_sessions(person)
    audit.record(person, "password.changed", "person", person.public_id, at=at, sessions_ended=ended)
    return person


@transaction.atomic(durable=True)
def end_session(person: User, sign_in_id: UUID, *, at: datetime) -> None:
    """Sign oneself out on another device, or on this one."""
    sign_in = sign_in_for(person, sign_in_id, at=at)
    end_these(person, [sign_in.session_id])
    audit.record(person, "session.ended", "person", person.public_id, at=at, sessions_ended=1)


@transaction.atomic(durable=True)
def end_other_sessions(person: User, *, here: str, at: datetime) -> int:
    """Sign oneself out everywhere but here."""
    ended = end_sessions(person, but=here)
    if ended:
        audit.record(person, "session.ended", "person", person.public_id, at=at, sessions_ended=ended)
    return ended
