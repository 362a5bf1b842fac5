"""The rule behind sessions: the wall clock leads, whatever the zone does."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.schedule.recurrence import Occurrence, Rule, occurrences

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
]

rules = st.builds(
    Rule,
    starts_on=st.dates(date(2011, 1, 1), date(2035, 12, 31)),
    wall_time=st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    every_weeks=st.integers(1, 4),
    minutes=st.integers(15, 480),
)
moments = st.datetimes(datetime(2010, 6, 1), datetime(2036, 6, 1), timezones=st.just(UTC))
lengths = st.timedeltas(timedelta(0), timedelta(weeks=20))
waits = st.timedeltas(timedelta(weeks=-10), timedelta(weeks=80))


def evening(starts_on: date, *, at: time = time(17, 30), every_weeks: int = 1) -> Rule:
    return Rule(starts_on, at, NEW_YORK, every_weeks, 75)


def a_month_from(day: date) -> dict[str, datetime]:
    since = datetime.combine(day, time(0), UTC)
    return {"since": since, "until": since + timedelta(weeks=4)}


def test_a_session_stays_at_its_hour_when_the_clocks_go_forward():
    met = occurrences(evening(date(2026, 3, 3)), **a_month_from(date(2026, 3, 1)))

    assert [(one.on, one.starts_at) for one in met] == [
        (date(2026, 3, 3), datetime(2026, 3, 3, 22, 30, tzinfo=UTC)),
        (date(2026, 3, 10), datetime(2026, 3, 10, 21, 30, tzinfo=UTC)),
        (date(2026, 3, 17), datetime(2026, 3, 17, 21, 30, tzinfo=UTC)),
        (date(2026, 3, 24), datetime(2026, 3, 24, 21, 30, tzinfo=UTC)),
    ]


def test_and_when_they_go_back():
    met = occurrences(evening(date(2026, 10, 27)), **a_month_from(date(2026, 10, 27)))

    assert [one.starts_at.astimezone(NEW_YORK).strftime("%H:%M %Z") for one in met] == [
        "17:30 EDT",
        "17:30 EST",
        "17:30 EST",
        "17:30 EST",
    ]


def test_a_time_the_clock_jumps_over_counts_from_before_the_jump():
    night = evening(date(2026, 3, 8), at=time(2, 30))

    assert occurrences(night, **a_month_from(date(2026, 3, 8)))[0] == Occurrence(
        date(2026, 3, 8),
        datetime(2026, 3, 8, 7, 30, tzinfo=UTC),  # 3:30am in summer time
        datetime(2026, 3, 8, 8, 45, tzinfo=UTC),
    )


def test_a_time_that_comes_twice_means_the_first():
    night = evening(date(2026, 11, 1), at=time(1, 30))

    assert occurrences(night, **a_month_from(date(2026, 11, 1)))[0].starts_at == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )


def test_a_session_over_the_change_keeps_its_length():
    night = evening(date(2026, 11, 1), at=time(0, 30))

    met = occurrences(night, **a_month_from(date(2026, 11, 1)))[0]

    assert met.ends_at - met.starts_at == timedelta(minutes=75)
    assert met.ends_at.astimezone(NEW_YORK).strftime("%H:%M %Z") == "01:45 EDT"


def test_a_day_that_a_zone_skipped_is_met_a_day_later():
    samoa = Rule(date(2011, 12, 23), time(18), ZoneInfo("Pacific/Apia"), 1, 60)

    met = occurrences(samoa, **a_month_from(date(2011, 12, 20)))

    assert [one.on for one in met] == [date(2011, 12, 23), date(2011, 12, 30), date(2012, 1, 6), date(2012, 1, 13)]
    assert met[1].starts_at.astimezone(samoa.zone).date() == date(2011, 12, 31)


def test_every_second_week_counts_from_the_first_day():
    met = occurrences(evening(date(2026, 1, 6), every_weeks=2), **a_month_from(date(2026, 3, 1)))

    assert [one.on for one in met] == [date(2026, 3, 3), date(2026, 3, 17)]


@pytest.mark.parametrize("early", [timedelta(0), timedelta(seconds=1)])
def test_a_window_takes_its_last_moment_and_leaves_its_first(early):
    starts_at = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    rule = evening(date(2026, 3, 3))

    after = occurrences(rule, since=starts_at - early, until=starts_at + timedelta(days=1))
    before = occurrences(rule, since=starts_at - timedelta(days=1), until=starts_at - early)

    assert (len(after), len(before)) == ((0, 1) if not early else (1, 0))


@given(rules, moments, lengths)
def test_each_meeting_is_on_its_day_at_its_hour(rule, since, length):
    for one in occurrences(rule, since=since, until=since + length):
        assert since < one.starts_at <= since + length
        assert one.ends_at - one.starts_at == timedelta(minutes=rule.minutes)
        assert one.on >= rule.starts_on
        assert (one.on - rule.starts_on).days % (7 * rule.every_weeks) == 0
        here = one.starts_at.astimezone(rule.zone).replace(tzinfo=None)
        meant = datetime.combine(one.on, rule.wall_time)
        assert here == meant or (not _exists(meant, rule.zone) and meant < here <= meant + timedelta(days=1))


@given(rules, waits, lengths)
def test_nothing_is_left_out(rule, wait, length):
    since = datetime.combine(rule.starts_on, time(0), UTC) + wait
    until = since + length
    days = [rule.starts_on + timedelta(weeks=rule.every_weeks * n) for n in range(102)]
    walls = [datetime.combine(day, rule.wall_time).replace(fold=0) for day in days]
    starts = [wall.replace(tzinfo=rule.zone).astimezone(UTC) for wall in walls]

    met = occurrences(rule, since=since, until=until)

    assert [one.starts_at for one in met] == [at for at in starts if since < at <= until]


@given(rules, moments, lengths, lengths)
def test_two_windows_side_by_side_are_one(rule, since, first, second):
    middle, until = since + first, since + first + second

    parts = occurrences(rule, since=since, until=middle) + occurrences(rule, since=middle, until=until)

    assert parts == occurrences(rule, since=since, until=until)
    assert len({one.on for one in parts}) == len(parts)


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
