"""Several at the same moment, on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from groups.schedule import actions
from groups.schedule.models import Reply, Rsvp, Session
from portal.errors import Refusal
from tests.cast import NOW
from tests.groups.schedule.test_series import LATER

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment; gives what each returned, or its refusal's code."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return deed()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_two_workers_make_each_session_once(tuesdays):
    made = at_once(*[lambda: actions.extend_series(tuesdays.public_id, at=LATER)] * 4)

    assert sorted(made) == [0, 0, 0, 2]
    assert Session.objects.count() == 10


def test_two_clicks_plan_one_series(plan, amina, harbor):
    done = at_once(*[lambda: plan(amina, harbor)] * 3)

    assert [one for one in done if isinstance(one, str)] == ["meets_already"] * 2
    assert Session.objects.count() == 8


def test_nobody_says_yes_unheard_to_what_is_called_off(amina, ben, tuesday, told):
    said, _ = at_once(
        lambda: actions.answer(ben, tuesday.public_id, reply=Reply.YES, at=NOW),
        lambda: actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW),
    )

    if said == "session_cancelled":
        assert (Rsvp.objects.count(), told(ben)) == (0, [])
    else:
        assert (Rsvp.objects.count(), told(ben)) == (1, ["session.cancelled"])
