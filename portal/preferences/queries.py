"""What was chosen. Pages do not ask this: they have the browser's copy (see `cookie`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.accounts.models import Standing, User
from portal.preferences.models import Chosen, Preferences, Presence, Typing


def kept_by(person: User) -> Chosen | None:
    """What a person chose, or nothing if they never did."""
    kept = Preferences.objects.filter(person=person).first()
    return kept.chosen if kept is not None else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A person who lets others see something of what they do just now."""

    pk: int
    id: str
    name: str
    typing: bool
    presence: bool


def shown(people: Sequence[UUID]) -> list[Shown | None]:
    """What each of these people lets others see; nothing of who never chose to."""
    rows = Preferences.objects.filter(person__public_id__in=people, person__standing=Standing.APPROVED)
    found = {
        row.person.public_id: Shown(
            row.person.pk,
            str(row.person.public_id),
            row.person.display_name,
            row.typing == Typing.ON,
            row.presence == Presence.ON,
        )
        for row in rows.select_related("person")
    }
    return [found.get(one) for one in people]
