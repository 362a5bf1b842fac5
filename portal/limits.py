"""Rate limits. Counted in PostgreSQL, so they are atomic and outlive a wiped Valkey."""

from datetime import datetime

from django.db import connection, models

from portal.errors import TooMany


class Allowance(models.Model):
    """A leaky bucket: `level` uses are outstanding at `at`, and drain at the limit's own rate."""

    key = models.CharField(max_length=120, primary_key=True)
    level = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        app_label = "portal"

    def __str__(self) -> str:
        return self.key


# One statement does it all, so two people's tries at the same moment cannot both take the last one. A full bucket
# stays as it is: hammering does not prolong the wait, and nobody is ever locked out for good.
_TAKE = """
INSERT INTO portal_allowance AS a (key, level, at) VALUES (%(key)s, 1, %(at)s)
ON CONFLICT (key) DO UPDATE SET
    level = GREATEST(0, a.level - EXTRACT(EPOCH FROM GREATEST(%(at)s - a.at, INTERVAL '0')) / %(every)s) + 1,
    at = GREATEST(a.at, %(at)s)
WHERE GREATEST(0, a.level - EXTRACT(EPOCH FROM GREATEST(%(at)s - a.at, INTERVAL '0')) / %(every)s) + 1 <= %(burst)s
RETURNING level
"""


def take(key: str, *, every: float, burst: int, at: datetime) -> None:
    """Use one of `burst` places, one of which comes free each `every` seconds.

    Raises TooMany with the seconds to wait. Call it outside the transaction of the deed it guards: a deed that is
    refused must still count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key, "at": at, "every": every, "burst": burst})
        taken = cursor.fetchone() is not None
    if not taken:
        full = Allowance.objects.get(key=key)
        passed = max(0.0, (at - full.at).total_seconds())
        raise TooMany(retry_after=max(1.0, round((full.level + 1 - burst) * every - passed, 1)))
