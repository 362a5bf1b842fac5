"""What people change about how the portal looks and behaves for them."""

from datetime import datetime

from django.db import transaction

from portal import audit, live
from portal.accounts.models import User
from portal.preferences.models import DEFAULTS, SETTINGS, Chosen, Preferences


@transaction.atomic(durable=True)
def change_preferences(person: User, *, values: Chosen, at: datetime) -> Preferences:
    """Keep a person's choices. The audit says which settings changed, never to what: that could tell of an illness."""
    # Two windows saving for the first time at once: the person's row makes them wait for each other.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    kept = Preferences.objects.filter(person=person).first()
    before = kept.chosen if kept is not None else DEFAULTS
    wanted = before | {name: value for name, value in values.items() if name in SETTINGS}
    changed = [name for name in SETTINGS if wanted[name] != before[name]]
    if kept is not None and not changed:
        return kept

    kept = Preferences(person=person, **wanted)
    kept.save()
    audit.record(person, "preferences.changed", "person", person.public_id, at=at, changed=changed)
    if "presence" in changed:
        live.publish(f"person.{person.public_id}", {"type": "presence.chosen"})
    return kept
