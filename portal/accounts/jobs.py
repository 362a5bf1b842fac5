"""Background work of this slice."""

from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from portal.accounts import addresses, joining
from portal.accounts.sessions import SessionStore


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="portal.accounts.jobs.tidy_up", queueing_lock="portal.accounts.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Every hour: forget sessions that ran out, accounts whose address nobody confirmed, and old addresses."""
    SessionStore.clear_expired()
    joining.forget_unconfirmed(at=timezone.now())
    addresses.forget_old_changes(at=timezone.now())
