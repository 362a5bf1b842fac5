"""Telling people of a sign-in they may not know of."""

from datetime import datetime

from django.db import transaction

from portal.accounts.changes import KnownDevice
from portal.accounts.models import User
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind


@transaction.atomic
def note_sign_in(person: User, *, device: str, at: datetime) -> None:
    """Tell the person by mail when they have never signed in on such a device. The first of all is theirs."""
    known = KnownDevice.objects.filter(person=person).exists()
    _, is_new = KnownDevice.objects.get_or_create(person=person, device=device, defaults={"first_at": at})
    if known and is_new:
        tell(person, Kind.NEW_SIGN_IN, at=at)
