"""The days that have sessions, for who would rather look than read: the week as a strip, the month as a table."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from groups.schedule.queries.rows import SessionRow

MONTHS = 2  # sessions are planned eight weeks ahead
Days = dict[date, list[SessionRow]]


@dataclass(frozen=True)
class Day:
    """One square. `url` leads to the first session of the day."""

    on: date
    today: bool
    words: str
    url: str


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday; days of the months around are empty squares."""

    label: str
    weeks: list[list[Day | None]]


def strip(rows: list[SessionRow], now: datetime) -> list[Day]:
    """The seven days of this week."""
    today, busy = timezone.localdate(now), _busy(rows)
    monday = today - timedelta(days=today.weekday())
    return [_day(monday + timedelta(days=n), today, busy) for n in range(7)]


def months(rows: list[SessionRow], now: datetime) -> list[Month]:
    """This month and the next."""
    today, busy = timezone.localdate(now), _busy(rows)
    first, found = today.replace(day=1), []
    for _ in range(MONTHS):
        weeks = Calendar().monthdatescalendar(first.year, first.month)
        squares = [[_day(on, today, busy) if on.month == first.month else None for on in week] for week in weeks]
        found.append(Month(f"{first:%B}" if first.year == today.year else f"{first:%B %Y}", squares))
        first = (first + timedelta(days=31)).replace(day=1)
    return found


def _busy(rows: list[SessionRow]) -> Days:
    busy: Days = {}
    for row in rows:
        if not row.session.is_cancelled:
            busy.setdefault(timezone.localdate(row.session.starts_at), []).append(row)
    return busy


def _day(on: date, today: date, busy: Days) -> Day:
    rows = busy.get(on, [])
    words = "" if not rows else "One session" if len(rows) == 1 else f"{len(rows)} sessions"
    return Day(on=on, today=on == today, words=words, url=f"#{rows[0].row_id}" if rows else "")
