"""Meetings of the demo, eight weeks back and eight weeks ahead, and who answered."""

from datetime import time, timedelta
from itertools import cycle

from groups.membership.models import GroupRole
from groups.schedule.models import Reply, Rsvp, Series, Session
from portal.accounts.models import User
from portal.demo import content
from portal.demo.clock import Clock
from portal.demo.groups import Circle
from portal.demo.names import luck, opaque_id
from portal.demo.people import People

SPAN = 56  # days to each side
TITLE = "Group meeting"
UNANSWERED = "Juniper"  # the demo patient has yet to answer the next meeting of each group


def make_schedule(clock: Clock, circles: dict[str, Circle], people: People) -> dict[str, list[Session]]:
    """Series, sessions by group and answers."""
    series = {key: _series(circle, clock) for key, circle in circles.items()}
    Series.objects.bulk_create(series.values())
    sessions = {key: _sessions(circles[key], series[key], clock, people) for key in circles}
    Session.objects.bulk_create(session for several in sessions.values() for session in several)
    Rsvp.objects.bulk_create(
        answer for key, several in sessions.items() for answer in _answers(circles[key], several, clock)
    )
    return sessions


def _days(circle: Circle) -> list[int]:
    """Days of the meetings, counted from today, within the span and the group's life."""
    step, first = 7 * circle.facts["every"], circle.facts["in_days"]
    since = max(-SPAN, -circle.facts["since"] + 1)
    return list(range(first - step * ((first - since) // step), SPAN + 1, step))


def _series(circle: Circle, clock: Clock) -> Series:
    site = next(row for row in content.sites() if row["key"] == circle.facts["site"])
    return Series(
        public_id=opaque_id("series", circle.key),
        group=circle.group,
        title=TITLE,
        starts_on=clock.date(_days(circle)[0]),
        wall_time=time.fromisoformat(circle.facts["at"]),
        zone=str(clock.zone),
        every_weeks=circle.facts["every"],
        minutes=circle.facts["length"],
        place=" ".join(part for part in (site["address"] and f"{site['address']}.", site["note"]) if part),
        link="" if site["address"] else f"https://meet.example.org/{opaque_id('link', circle.key)}",
        created_by=circle.facilitators[0],
        created_at=circle.group.created_at,
    )


def _sessions(circle: Circle, series: Series, clock: Clock, people: People) -> list[Session]:
    sessions = [
        _session(circle, series, clock, days, topic)
        for days, topic in zip(_days(circle), cycle(circle.facts["topics"]), strict=False)
    ]
    cancelled = circle.facts.get("cancelled")
    if cancelled:
        session = next(row for row in sessions if row.occurs_on == clock.date(cancelled["in_days"]))
        session.cancelled_at = clock.at(-1, time(11, 5))
        session.cancelled_by = people[cancelled["by"]]
        session.cancelled_why = cancelled["why"]
    return sessions


def _session(circle: Circle, series: Series, clock: Clock, days: int, topic: str) -> Session:
    starts = clock.at(days, series.wall_time)
    return Session(
        public_id=opaque_id("session", circle.key, topic, days),
        group=circle.group,
        series=series,
        occurs_on=clock.date(days),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=series.minutes),
        title=TITLE,
        topic=topic,
        place=series.place,
        link=series.link,
    )


def _answers(circle: Circle, sessions: list[Session], clock: Clock) -> list[Rsvp]:
    """Nearly all answered past meetings, most the next one, few those after."""
    answers = []
    ahead = 0
    for session in sessions:
        coming = session.ends_at > clock.now
        ahead += coming
        for stay in circle.present(min(session.starts_at, clock.now)):
            reply = _reply(stay.user, session, stay.role == GroupRole.FACILITATOR, ahead)
            if reply is not None:
                at = min(session.starts_at, clock.now) - _beforehand(stay.user, session)
                answers.append(
                    Rsvp(session=session, user=stay.user, reply=reply, replied_at=max(at, stay.joined_at or at))
                )
    return answers


def _reply(person: User, session: Session, runs_it: bool, ahead: int) -> Reply | None:
    """`ahead` is 0 for past meetings, 1 for the next one, and so on."""
    if session.cancelled_at is not None or (ahead == 1 and person.display_name == UNANSWERED):
        return None
    if ahead == 2 and person.display_name == UNANSWERED:
        return Reply.YES
    if runs_it:
        return Reply.YES if ahead <= 2 else None
    thrown = luck(100, person.display_name, session.public_id)
    answered = {0: 94, 1: 75, 2: 35}.get(ahead, 9)
    if thrown >= answered:
        return None
    return (Reply.YES, Reply.YES, Reply.YES, Reply.YES, Reply.YES, Reply.MAYBE, Reply.NO)[thrown % 7]


def _beforehand(person: User, session: Session) -> timedelta:
    return timedelta(minutes=20 + luck(2000, "when", person.display_name, session.public_id))
