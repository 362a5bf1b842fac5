"""A rule becomes real meetings. Pure: wall time and zone in, moments out.

The wall clock leads: a group that meets at 5:30pm meets at 5:30pm in summer and in winter. Two hours a year are odd,
and both are read as calendars read them (RFC 5545): a time the clock jumps over counts from the offset before the jump,
so 2:30am becomes 3:30am that night; a time that comes twice means the first one. The length is real time: 75 minutes
are 75 minutes, even while the clock changes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule

# The wall clock of any zone is less than a day from UTC, and a gap moves a meeting by a day at most (Samoa, 2011).
MARGIN = timedelta(days=3)


@dataclass(frozen=True)
class Rule:
    """Every so many weeks at a wall time in a zone, from a first day on."""

    starts_on: date
    wall_time: time
    zone: ZoneInfo
    every_weeks: int
    minutes: int


@dataclass(frozen=True)
class Occurrence:
    """One meeting of a rule: its day by the rule's own calendar, and the moments in UTC."""

    on: date
    starts_at: datetime
    ends_at: datetime


def occurrences(rule: Rule, *, since: datetime, until: datetime) -> list[Occurrence]:
    """The rule's meetings that start after `since` and not after `until`, soonest first."""
    walls = rrule(WEEKLY, interval=rule.every_weeks, dtstart=datetime.combine(rule.starts_on, rule.wall_time))
    near = walls.between(_wall(since, rule.zone) - MARGIN, _wall(until, rule.zone) + MARGIN, inc=True)
    met = [_occurrence(rule, wall) for wall in near]
    return [one for one in met if since < one.starts_at <= until]


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _occurrence(rule: Rule, wall: datetime) -> Occurrence:
    starts_at = wall.replace(tzinfo=rule.zone, fold=0).astimezone(UTC)
    return Occurrence(wall.date(), starts_at, starts_at + timedelta(minutes=rule.minutes))
