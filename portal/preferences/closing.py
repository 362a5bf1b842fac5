"""What becomes of a person's choices when they go for good. Stands in settings.CLOSING_FOLLOWERS."""

from datetime import datetime

from portal.accounts.models import User
from portal.preferences.models import Preferences


def forget(person: User, *, keep_words: bool, at: datetime) -> None:
    """They are of no use to anybody else."""
    Preferences.objects.filter(person=person).delete()
