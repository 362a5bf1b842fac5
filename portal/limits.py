"""Rate limits. Counted in PostgreSQL, so they are atomic and outlive a wiped Valkey."""

from collections.abc import Mapping
from dataclasses import dataclass
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


def take_search(person: object, *, at: datetime) -> None:
    """Count a search of this person's, wherever they look: thirty at once, then one in two seconds. Raises TooMany."""
    take(f"search.{person}", every=2, burst=30, at=at)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of the wanted places were free, and in how many seconds the next one is."""

    granted: int
    retry_after: float


def take_many(wanted: Mapping[str, int], *, every: float, burst: int, at: datetime) -> dict[str, Taken]:
    """Take several places of several buckets, as many of each as are free.

    For deeds that many people do in one transaction: it runs inside it, and holds the buckets until it ends.
    """
    held = _held(sorted(wanted), at)
    taken, levels = {}, {}
    for key, places in wanted.items():
        level, since = held[key]
        level = max(0.0, level - max(0.0, (at - since).total_seconds()) / every)
        granted = max(0, min(places, int(burst - level + 1e-9)))
        taken[key] = Taken(granted, max(1.0, round((level + granted + 1 - burst) * every, 1)))
        if granted:
            levels[key] = (level + granted, max(at, since))
    if levels:
        with connection.cursor() as cursor:
            changed = (list(levels), [level for level, _ in levels.values()], [since for _, since in levels.values()])
            cursor.execute(_SET, changed)
    return taken


_HOLD = "SELECT key, level, at FROM portal_allowance WHERE key = ANY(%s) ORDER BY key FOR UPDATE"
_OPEN = """
INSERT INTO portal_allowance (key, level, at) SELECT k, 0, %s FROM unnest(%s::text[]) AS n(k) ORDER BY k
ON CONFLICT (key) DO NOTHING
"""
_SET = """
UPDATE portal_allowance AS a SET level = n.level, at = n.at
  FROM unnest(%s::text[], %s::float8[], %s::timestamptz[]) AS n(key, level, at) WHERE a.key = n.key
"""


def _held(keys: list[str], at: datetime) -> dict[str, tuple[float, datetime]]:
    """The buckets with their row locks, taken in one order by everybody; missing ones are made first."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [keys])
        held = {key: (level, since) for key, level, since in cursor.fetchall()}
        if len(held) < len(keys):
            cursor.execute(_OPEN, [at, keys])
            cursor.execute(_HOLD, [keys])
            held = {key: (level, since) for key, level, since in cursor.fetchall()}
    return held
