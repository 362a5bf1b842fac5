"""A session as one person sees it, and how sessions are gathered into weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.utils import timezone

from groups.membership.models import Group
from groups.schedule.models import Reply, Series, Session, SessionQuerySet
from portal.accounts.models import User
from portal.moments import clock

ICONS = {Reply.YES: "check", Reply.MAYBE: "circle-question-mark", Reply.NO: "x"}
SHORT = {Reply.YES: "Yes", Reply.MAYBE: "Maybe", Reply.NO: "No"}
RHYTHMS = {1: "Every", 2: "Every second", 3: "Every third", 4: "Every fourth"}
SAID = {Reply.YES: "You’re coming", Reply.MAYBE: "You’re not sure yet", Reply.NO: "You can’t come"}


@dataclass(frozen=True)
class Choice:
    """One possible answer, and whether it is mine."""

    value: str
    label: str
    short: str
    icon: str
    chosen: bool


@dataclass(frozen=True)
class SessionRow:
    """A session as one person sees it. `reply` is empty until they have answered."""

    session: Session
    group: Group
    reply: str
    coming: int
    may_answer: bool
    may_join: bool
    is_running: bool

    @property
    def row_id(self) -> str:
        """What links within a page lead to."""
        return f"session-{self.session.public_id}"

    @property
    def title_id(self) -> str:
        """What says which session the buttons are about."""
        return f"when-{self.session.public_id}"

    @property
    def choices(self) -> list[Choice]:
        return [Choice(one.value, one.label, SHORT[one], ICONS[one], one.value == self.reply) for one in Reply]

    @property
    def reply_label(self) -> str:
        return Reply(self.reply).label if self.reply else ""

    @property
    def said(self) -> str:
        return SAID[Reply(self.reply)] if self.reply else ""


@dataclass(frozen=True)
class SeriesRow:
    """A rule behind sessions, in words."""

    series: Series
    words: str


@dataclass(frozen=True)
class Span:
    """Sessions of one week or month, in order."""

    label: str
    starts_on: date
    rows: list[SessionRow]


def for_rows(sessions: SessionQuerySet, user: User) -> SessionQuerySet:
    """Sessions with everything a row prints."""
    return sessions.with_coming().with_reply_of(user.pk).select_related("group__site")


def row_of(session: Session, now: datetime, *, may_answer: bool = True) -> SessionRow:
    """One row. Who reached the session through a stay of their own may answer it: Can.RSVP is no mute's to take."""
    ahead = not session.is_cancelled and not session.is_over(now)
    return SessionRow(
        session=session,
        group=session.group,
        reply=session.my_reply,  # type: ignore[attr-defined]
        coming=session.coming,  # type: ignore[attr-defined]
        may_answer=may_answer and ahead,
        may_join=session.may_be_joined(now),
        is_running=session.is_running(now),
    )


def rows_of(sessions: Iterable[Session], now: datetime, *, may_answer: bool = True) -> list[SessionRow]:
    """Rows in the order given."""
    return [row_of(session, now, may_answer=may_answer) for session in sessions]


def series_row(series: Series) -> SeriesRow:
    """“Every second Tuesday at 5:30pm”, and whose time that is when it is not the clinic's."""
    there = "" if series.zone == settings.CLINIC_TIME_ZONE else f" ({series.zone.replace('_', ' ')} time)"
    hour = clock(datetime.combine(series.starts_on, series.wall_time))
    return SeriesRow(series, f"{RHYTHMS[series.every_weeks]} {series.starts_on:%A} at {hour}{there}")


def by_week(rows: list[SessionRow], now: datetime) -> list[Span]:
    """The rows by week, in the reader's zone."""
    this = _monday(timezone.localdate(now))
    weeks = groupby(rows, key=lambda row: _monday(timezone.localdate(row.session.starts_at)))
    return [Span(_week_label(monday, this), monday, list(several)) for monday, several in weeks]


def by_month(rows: list[SessionRow], now: datetime) -> list[Span]:
    """The rows by month, in the reader's zone."""
    year = timezone.localdate(now).year
    months = groupby(rows, key=lambda row: timezone.localdate(row.session.starts_at).replace(day=1))
    return [
        Span(f"{first:%B}" if first.year == year else f"{first:%B %Y}", first, list(them)) for first, them in months
    ]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_label(monday: date, this: date) -> str:
    if monday <= this:
        return "This week"
    if monday == this + timedelta(weeks=1):
        return "Next week"
    return f"Week of {monday.day} {monday:%B}"
