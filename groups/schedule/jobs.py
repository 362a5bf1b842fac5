"""Background work of this slice: each series reaches eight weeks ahead again."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs

from groups.schedule import actions
from groups.schedule.models import Series

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=10)


@jobs.periodic(cron="20 */3 * * *")  # a day needs one run; a computer that is off at night still gets it
@jobs.task(name="groups.schedule.jobs.extend_all")
def extend_all(timestamp: int) -> None:
    """Hand out one job a series, so that a series in trouble holds up no other."""
    for series_id in Series.objects.live().values_list("public_id", flat=True):
        extend_one.defer(series_id=str(series_id))


@jobs.task(name="groups.schedule.jobs.extend_one", retry=PATIENT)
def extend_one(*, series_id: str) -> None:
    """Make what one series lacks. Running it twice makes it once."""
    actions.extend_series(UUID(series_id), at=timezone.now())
