"""Being away for a while, and going for good: what a person does with their own account."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from portal import audit, live
from portal.accounts.actions import LastAdmin
from portal.accounts.changes import AddressChange, KnownDevice
from portal.accounts.models import DataCopy, Invitation, Role, Standing, User
from portal.accounts.sessions import end_sessions
from portal.errors import Refusal


class NotPausedByYou(Refusal):
    code, message = "not_paused_by_you", "Only the clinic can open this account again. Please call."


@transaction.atomic(durable=True)
def pause(person: User, *, at: datetime) -> User:
    """Be away: nothing can be read or written, memberships wait, every session ends."""
    person = _held(person)
    _stand(person, Standing.PAUSED, at=at)
    end_sessions(person)
    audit.record(person, "account.paused", "person", person.public_id, at=at)
    return person


@transaction.atomic(durable=True)
def come_back(person: User, *, at: datetime) -> User:
    """End a pause of one's own. One that the clinic made is not theirs to end."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.has_paused_themselves:
        raise NotPausedByYou
    _stand(person, Standing.APPROVED, at=at)
    audit.record(person, "account.returned", "person", person.public_id, at=at, before=str(Standing.PAUSED))
    return person


@transaction.atomic(durable=True)
def close(person: User, *, keep_words: bool, at: datetime) -> User:
    """Go for good. Rights and sessions end here; name, address and factors are erased; words stay under no name, or go.

    The followers in settings.CLOSING_FOLLOWERS do their part in the same transaction.
    """
    person = _held(person)
    for path in settings.CLOSING_FOLLOWERS:
        import_string(path)(person, keep_words=keep_words, at=at)
    person.email = f"{person.public_id}{User.ERASED}"
    person.display_name = f"{User.FORMER}{person.public_id.hex[:6]}"
    person.legal_name = ""
    person.set_unusable_password()
    person.save(update_fields=["email", "display_name", "legal_name", "password"])
    for model in (EmailAddress, Authenticator):
        model.objects.filter(user=person).delete()
    for rows in (AddressChange, KnownDevice, DataCopy):
        rows.objects.filter(person=person).delete()
    Invitation.objects.filter(accepted_by=person).update(email=person.email)
    _stand(person, Standing.DEACTIVATED, at=at)
    end_sessions(person)
    audit.record(person, "account.left", "person", person.public_id, at=at, keep_words=keep_words)
    return person


def _held(person: User) -> User:
    """The person, held. Raises LastAdmin for who is the only one; admins are held together, so two cannot both go."""
    if person.role == Role.ADMIN:
        admins = User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED)
        if [row.pk for row in admins.select_for_update(no_key=True).order_by("pk")] == [person.pk]:
            raise LastAdmin
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _stand(person: User, standing: Standing, *, at: datetime) -> None:
    person.standing, person.standing_at, person.standing_by = standing, at, person
    person.save(update_fields=["standing", "standing_at", "standing_by"])
    live.publish(person.topic, {"type": "person.changed"})
