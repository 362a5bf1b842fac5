"""Background work of this slice."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs

from portal.notifications import actions

# 3, 9, 27 seconds and so on: the last try comes about nine hours after the first. Codes are dropped long before.
PATIENT = RetryStrategy(max_attempts=9, exponential_wait=3, retry_exceptions=[actions.MailNotSent])


@jobs.task(name="portal.notifications.jobs.send_notice", retry=PATIENT)
def send_notice(*, notice_id: str) -> None:
    """Send one mail. Running it twice sends it once."""
    actions.deliver(UUID(notice_id), at=timezone.now())
