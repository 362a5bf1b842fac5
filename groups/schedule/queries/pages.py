"""The pages of the schedule, and the one session that home shows."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from groups.access import Actor, Can
from groups.membership.models import Group, Membership
from groups.schedule.models import Reply, Rsvp, Session, SessionQuerySet
from groups.schedule.queries.days import Day, Month, months, strip
from groups.schedule.queries.rows import (
    SeriesRow,
    SessionRow,
    Span,
    by_month,
    by_week,
    for_rows,
    row_of,
    rows_of,
    series_row,
)
from portal.accounts.models import User

PAST_A_PAGE = 8
ANSWERS = {Reply.YES: "Coming", Reply.MAYBE: "Not sure yet", Reply.NO: "Can’t come"}


@dataclass(frozen=True)
class Agenda:
    """My sessions over all groups: what comes week by week, what was page by page."""

    spans: list[Span]
    strip: list[Day]
    months: list[Month]
    past: Page
    past_rows: list[SessionRow]
    has_groups: bool

    @property
    def meets_this_week(self) -> bool:
        """Whether the strip has anything to show."""
        return any(day.words for day in self.strip)


@dataclass(frozen=True)
class SessionsPage:
    """The sessions of one group. The rules behind them are for who runs it."""

    group: Group
    spans: list[Span]
    past: Page
    past_rows: list[SessionRow]
    series: list[SeriesRow]
    may_run: bool


@dataclass(frozen=True)
class Answerer:
    """Somebody in the group and what they said."""

    person: User
    reply: str
    words: str


@dataclass(frozen=True)
class SessionPage:
    """One session. `answers` is empty for who does not run it."""

    row: SessionRow
    facilitators: list[User]
    answers: list[Answerer]
    may_run: bool
    may_change: bool


def next_session(user: User, *, now: datetime) -> SessionRow | None:
    """What is next for me: the soonest session that takes place and that I have not declined."""
    session = for_rows(_mine(user), user).upcoming(now).taking_place().not_declined_by(user.pk).first()
    return row_of(session, now) if session else None


def next_in(actor: Actor, *, now: datetime) -> SessionRow | None:
    """The soonest session of one group that takes place."""
    session = for_rows(Session.objects.filter(group=actor.group), actor.user).upcoming(now).taking_place().first()
    return row_of(session, now, may_answer=actor.can(Can.RSVP)) if session else None


def agenda(user: User, *, page: str | None, now: datetime) -> Agenda:
    """Everything /schedule/ prints."""
    sessions = for_rows(_mine(user), user)
    rows = rows_of(sessions.upcoming(now), now)
    has_groups = bool(rows) or Membership.objects.active().filter(user=user).exists()
    past = Paginator(sessions.past(now), PAST_A_PAGE).get_page(page)
    return Agenda(by_week(rows, now), strip(rows, now), months(rows, now), past, rows_of(past, now), has_groups)


def sessions_page(actor: Actor, *, page: str | None, now: datetime) -> SessionsPage:
    """Everything the sessions of one group print."""
    sessions = for_rows(Session.objects.filter(group=actor.group), actor.user)
    rows = rows_of(sessions.upcoming(now), now, may_answer=actor.can(Can.RSVP))
    may_run = actor.can(Can.RUN_SESSIONS)
    series = [series_row(one) for one in actor.group.series.live()] if may_run else []
    past = Paginator(sessions.past(now), PAST_A_PAGE).get_page(page)
    return SessionsPage(actor.group, by_month(rows, now), past, rows_of(past, now), series, may_run)


def session_page(actor: Actor, session: Session, *, now: datetime) -> SessionPage:
    """Everything the page of one session prints."""
    seen = for_rows(Session.objects.filter(pk=session.pk), actor.user).get()
    may_run = actor.can(Can.RUN_SESSIONS)
    running = Membership.objects.facilitating().filter(group=actor.group).by_name()
    return SessionPage(
        row=row_of(seen, now, may_answer=actor.can(Can.RSVP)),
        facilitators=[stay.user for stay in running],
        answers=_answers(session) if may_run else [],
        may_run=may_run,
        may_change=may_run and not session.is_cancelled and not session.is_over(now),
    )


def _mine(user: User) -> SessionQuerySet:
    """Sessions of the groups this person is in."""
    groups = Membership.objects.active().filter(user=user).values("group_id")
    return Session.objects.filter(group__in=groups)


def _answers(session: Session) -> list[Answerer]:
    """Everybody in the group: who comes first, who has not answered last."""
    said = dict(Rsvp.objects.filter(session=session).values_list("user_id", "reply"))
    stays = Membership.objects.active().filter(group=session.group_id).by_name()
    order = [*Reply.values, ""]
    people = [_answerer(stay.user, said.get(stay.user_id, "")) for stay in stays]
    return sorted(people, key=lambda one: order.index(one.reply))


def _answerer(person: User, reply: str) -> Answerer:
    return Answerer(person, reply, ANSWERS[Reply(reply)] if reply else "No answer yet")
