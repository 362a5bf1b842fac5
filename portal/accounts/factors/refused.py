"""Second steps that were refused: somebody knows the password, and the person should know that."""

from datetime import datetime, timedelta

from django.db import transaction

from portal import audit
from portal.accounts.models import User
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

VERB = "sign_in.second_step_refused"
TOLD_AFTER, WITHIN = 5, timedelta(hours=1)


@transaction.atomic
def note(person: User, *, at: datetime) -> None:
    """Write it down; the fifth within an hour is told by mail."""
    audit.record(None, VERB, "person", person.public_id, at=at)
    lately = audit.AuditEntry.objects.filter(target_id=str(person.public_id), verb=VERB, at__gt=at - WITHIN)
    if lately.count() == TOLD_AFTER:
        tell(person, Kind.SECOND_STEP_REFUSED, at=at)
