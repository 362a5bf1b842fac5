"""What was chosen. Pages do not ask this: they have the browser's copy (see `cookie`)."""

from portal.accounts.models import User
from portal.preferences.models import Chosen, Preferences


def kept_by(person: User) -> Chosen | None:
    """What a person chose, or nothing if they never did."""
    kept = Preferences.objects.filter(person=person).first()
    return kept.chosen if kept is not None else None
