"""Background work of this slice."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs

from portal.accounts import addresses, copies, joining
from portal.accounts.sessions import SessionStore


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="portal.accounts.jobs.tidy_up", queueing_lock="portal.accounts.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Every hour: forget sessions that ran out, accounts nobody confirmed, old addresses and copies."""
    SessionStore.clear_expired()
    joining.forget_unconfirmed(at=timezone.now())
    addresses.forget_old_changes(at=timezone.now())
    copies.forget_old_copies(at=timezone.now())


@jobs.task(name="portal.accounts.jobs.make_copy", retry=RetryStrategy(max_attempts=5, exponential_wait=10))
def make_copy(*, copy_id: str) -> None:
    """Make a copy of somebody's data. Running it twice makes it once."""
    copies.make_copy(UUID(copy_id), at=timezone.now())
