"""What the tests of this slice start from: Amina has planned Tuesday evenings, eight weeks of them."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.membership.models import Group
from groups.schedule import actions
from groups.schedule.models import Series, Session
from portal.accounts.models import User
from portal.audit import AuditEntry
from portal.notifications.models import Notice
from tests.cast import NOW

TUESDAYS: dict[str, Any] = {
    "title": "Group meeting",
    "starts_on": date(2026, 3, 10),
    "wall_time": time(17, 30),
    "zone": "America/New_York",
    "every_weeks": 1,
    "minutes": 75,
    "place": "Room 2, 12 Lake Road",
    "link": "https://meet.example.org/tuesday",
}
Plan = Callable[..., Series]


@pytest.fixture
def plan() -> Plan:
    """Somebody plans sessions; what is not said is as on Tuesdays."""
    return lambda who, group, at=NOW, **values: actions.start_series(who, group.public_id, at=at, **TUESDAYS | values)


@pytest.fixture
def tuesdays(plan: Plan, amina: User, harbor: Group) -> Series:
    """The sessions of the tests, from Tuesday next week on."""
    return plan(amina, harbor)


@pytest.fixture
def tuesday(tuesdays: Series) -> Session:
    """The first of them."""
    return tuesdays.sessions.order_by("starts_at")[0]


@pytest.fixture
def entries(db: None) -> Callable[[str], list[AuditEntry]]:
    """The audit entries of one kind of deed, oldest first."""
    return lambda verb: list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


@pytest.fixture
def told(db: None) -> Callable[[User], list[str]]:
    """The kinds of notices a person got, in order."""
    return lambda person: list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def on_wednesday():
    """The pages' own clock stands at the tests' moment."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def count_of() -> Callable[[Client, str], int]:
    """How many queries a page takes."""

    def count(browser: Client, page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        return len(queries)

    return count
