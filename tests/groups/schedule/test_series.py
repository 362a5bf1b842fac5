"""Planning sessions, keeping them eight weeks ahead, and ending them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from groups.membership.models import Group, Status
from groups.schedule import actions, jobs
from groups.schedule.actions.series import GroupEnded, MeetsAlready, SeriesEnded, TooFarAhead, ZoneUnknown
from groups.schedule.deeds import LinkNotSafe, WhyNeeded
from groups.schedule.models import Reply, Series, Session
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import CLINIC, NOW

WEEK = timedelta(weeks=1)
LATER = NOW + 2 * WEEK


def walls(series):
    """The sessions as the clock on the wall shows them."""
    return [
        at.astimezone(CLINIC).strftime("%a %d %b %H:%M") for at in series.sessions.values_list("starts_at", flat=True)
    ]


def test_a_weekly_series_makes_real_sessions_eight_weeks_ahead(tuesdays):
    assert sorted(walls(tuesdays)) == sorted(
        f"Tue {day} 17:30" for day in ("10 Mar", "17 Mar", "24 Mar", "31 Mar", "07 Apr", "14 Apr", "21 Apr", "28 Apr")
    )
    first = tuesdays.sessions.order_by("starts_at")[0]
    assert (first.occurs_on, first.starts_at, first.ends_at) == (
        date(2026, 3, 10),
        datetime(2026, 3, 10, 21, 30, tzinfo=UTC),
        datetime(2026, 3, 10, 22, 45, tzinfo=UTC),
    )
    assert (first.title, first.place, first.link) == (tuesdays.title, tuesdays.place, tuesdays.link)


def test_a_session_earlier_today_is_not_made_up_afterwards(plan, amina, harbor):
    series = plan(amina, harbor, starts_on=date(2026, 3, 4), wall_time=time(9))

    assert series.sessions.earliest("starts_at").occurs_on == date(2026, 3, 11)


def test_every_second_week_in_another_zone(plan, amina, harbor):
    series = plan(amina, harbor, every_weeks=2, zone="America/Denver")

    starts = [at.astimezone(ZoneInfo("America/Denver")) for at in series.sessions.values_list("starts_at", flat=True)]
    assert sorted(at.strftime("%d %b %H:%M") for at in starts) == [
        "07 Apr 17:30",
        "10 Mar 17:30",
        "21 Apr 17:30",
        "24 Mar 17:30",
    ]


def test_planning_is_written_down(amina, harbor, tuesdays, entries):
    (entry,) = entries("series.started")

    assert (entry.actor, entry.target_id, entry.group_id) == (amina, str(tuesdays.public_id), harbor.public_id)
    assert entry.facts == {"sessions": 8}


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("ben", NotAllowed), ("eve", NotAllowed), ("sam", NotFound), ("dora", NotFound), ("asking", NotFound)],
)
def test_only_who_runs_the_group_plans_and_ends(who, refusal, tuesdays, plan, harbor, request):
    person = request.getfixturevalue(who)

    with pytest.raises(refusal):
        plan(person, harbor, wall_time=time(9))
    with pytest.raises(refusal):
        actions.end_series(person, tuesdays.public_id, why="A break.", at=NOW)

    assert Series.objects.get().ended_at is None


def test_there_is_nothing_to_end_where_nothing_is(amina):
    with pytest.raises(NotFound):
        actions.end_series(amina, cast.nobody(), why="A break.", at=NOW)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"zone": "America/Atlantis"}, ZoneUnknown),
        ({"zone": "../../etc/passwd"}, ZoneUnknown),
        ({"zone": "America"}, ZoneUnknown),
        ({"link": "http://meet.example.org"}, LinkNotSafe),
        ({"link": "javascript:alert(1)"}, LinkNotSafe),
        ({"starts_on": date(2026, 5, 20)}, TooFarAhead),
    ],
)
def test_what_makes_no_sense_is_not_planned(values, refusal, plan, amina, harbor):
    with pytest.raises(refusal):
        plan(amina, harbor, **values)

    assert not Series.objects.exists()


def test_a_second_click_plans_nothing_more(tuesdays, plan, amina, harbor):
    with pytest.raises(MeetsAlready):
        plan(amina, harbor)

    assert Session.objects.count() == 8


def test_a_group_that_has_ended_plans_nothing(plan, amina, harbor):
    Group.objects.update(status=Status.ARCHIVED)

    with pytest.raises(GroupEnded):
        plan(amina, harbor)


# Eight weeks ahead


def test_a_week_later_one_more_session_is_made_and_only_once(tuesdays, entries):
    made = [actions.extend_series(tuesdays.public_id, at=NOW + WEEK) for _ in range(3)]

    assert made == [1, 0, 0]
    assert tuesdays.sessions.latest("starts_at").occurs_on == date(2026, 5, 5)
    assert [(entry.actor, entry.facts) for entry in entries("series.extended")] == [(None, {"sessions": 1})]


def test_a_cancelled_session_does_not_come_back(tuesdays, tuesday, amina):
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)

    assert actions.extend_series(tuesdays.public_id, at=NOW + timedelta(hours=1)) == 0


def test_what_has_ended_makes_nothing_more(tuesdays, amina):
    actions.end_series(amina, tuesdays.public_id, why="A break.", at=NOW)

    assert actions.extend_series(tuesdays.public_id, at=LATER) == 0


def test_nor_does_a_group_that_has_ended(tuesdays):
    Group.objects.update(status=Status.ARCHIVED)

    assert actions.extend_series(tuesdays.public_id, at=LATER) == 0
    assert actions.extend_series(cast.nobody(), at=LATER) == 0


def test_the_worker_knows_the_job_and_runs_it_several_times_a_day():
    app.perform_import_paths()

    assert app.periodic_registry.periodic_tasks["groups.schedule.jobs.extend_all", ""].cron == "20 */3 * * *"


def test_every_live_series_gets_a_job_of_its_own(tuesdays, plan, amina, dora, time_machine):
    other = plan(dora, Group.objects.get(name="Morning Light"))
    ended = plan(amina, tuesdays.group, wall_time=time(9))
    actions.end_series(amina, ended.public_id, why="A break.", at=NOW)
    time_machine.move_to(LATER)

    jobs.extend_all(int(LATER.timestamp()))

    waiting = ProcrastinateJob.objects.filter(task_name="groups.schedule.jobs.extend_one").order_by("pk")
    assert [job.args["series_id"] for job in waiting] == [str(tuesdays.public_id), str(other.public_id)]
    for job in waiting:
        jobs.extend_one(**job.args)
    assert [series.sessions.count() for series in (tuesdays, other, ended)] == [10, 10, 8]


# The end


def test_ending_cancels_what_has_not_begun(tuesdays, tuesday, amina, entries):
    during = tuesday.starts_at + timedelta(minutes=10)

    actions.end_series(amina, tuesdays.public_id, why="A summer break.", at=during)

    tuesdays.refresh_from_db()
    assert tuesdays.ended_at == during
    assert list(tuesdays.sessions.filter(cancelled_at=None)) == [tuesday]
    assert set(tuesdays.sessions.exclude(pk=tuesday.pk).values_list("cancelled_by", "cancelled_why")) == {
        (amina.pk, "A summer break.")
    }
    assert [(entry.actor, entry.reason, entry.facts) for entry in entries("series.ended")] == [
        (amina, "A summer break.", {"sessions": 7})
    ]


def test_who_said_yes_to_several_is_told_once(tuesdays, amina, ben, carla, told):
    for session in tuesdays.sessions.all():
        actions.answer(ben, session.public_id, reply=Reply.YES, at=NOW)
        actions.answer(amina, session.public_id, reply=Reply.YES, at=NOW)
        actions.answer(carla, session.public_id, reply=Reply.NO, at=NOW)

    actions.end_series(amina, tuesdays.public_id, why="A summer break.", at=NOW)

    assert [told(person) for person in (ben, carla, amina)] == [["session.cancelled"], [], []]


def test_ending_needs_words_and_happens_once(tuesdays, amina):
    with pytest.raises(WhyNeeded):
        actions.end_series(amina, tuesdays.public_id, why="  ", at=NOW)
    actions.end_series(amina, tuesdays.public_id, why="A summer break.", at=NOW)
    with pytest.raises(SeriesEnded):
        actions.end_series(amina, tuesdays.public_id, why="Again.", at=LATER)

    tuesdays.refresh_from_db()
    assert tuesdays.ended_at == NOW


def test_after_the_end_the_same_hour_can_be_planned_anew(tuesdays, plan, amina, harbor):
    actions.end_series(amina, tuesdays.public_id, why="A summer break.", at=NOW)

    assert plan(amina, harbor).sessions.taking_place().count() == 8
