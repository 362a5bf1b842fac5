"""The days that have sessions, as a strip and as a table."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from groups.schedule import queries
from groups.schedule.queries.days import months, strip
from tests.cast import NOW


def busy(days):
    return {day.on.isoformat(): day.words for day in days if day is not None and day.words}


def test_the_strip_is_this_week_from_monday(ben, tuesdays):
    days = queries.agenda(ben, page=None, now=NOW).strip
    assert [days[0].on, days[6].on] == [date(2026, 3, 2), date(2026, 3, 8)]
    assert [day.on for day in days if day.today] == [date(2026, 3, 4)]
    assert busy(days) == {}


def test_the_months_are_this_one_and_the_next_with_whole_weeks(ben, tuesdays):
    march, april = queries.agenda(ben, page=None, now=NOW).months
    assert [march.label, april.label] == ["March", "April"]
    assert {len(week) for month in (march, april) for week in month.weeks} == {7}
    assert busy(day for week in march.weeks for day in week) == {
        f"2026-03-{day}": "One session" for day in (10, 17, 24, 31)
    }
    assert [day.on.day if day else None for day in april.weeks[0]] == [None, None, 1, 2, 3, 4, 5]


def test_a_day_leads_to_its_first_session_and_counts_all(ben, tuesdays):
    rows = queries.agenda(ben, page=None, now=NOW).spans[0].rows
    march = months([rows[0], rows[0]], NOW)[0]
    (day,) = [day for week in march.weeks for day in week if day and day.words]
    assert (day.words, day.url) == ("2 sessions", f"#{rows[0].row_id}")


def test_a_year_ends_and_the_next_is_named():
    january = months([], datetime(2026, 12, 31, 17, 0, tzinfo=UTC))[1]
    assert january.label == "January 2027"


def test_the_days_are_the_readers(ben, tuesdays):
    row = queries.agenda(ben, page=None, now=NOW).spans[0].rows[0]
    with timezone.override(ZoneInfo("Asia/Tokyo")):  # the next morning there
        assert busy(strip([row], row.session.starts_at)) == {"2026-03-11": "One session"}
