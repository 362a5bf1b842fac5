"""Two people moderate at the same moment, on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from chat.models import Change
from groups.moderation import actions
from groups.moderation.models import Outcome, Report, Sanction, Why
from portal.audit import AuditEntry
from portal.errors import Refusal
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Do all of it at the same moment; gives "done" or the refusal's code of each."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> str:
        start.wait()
        try:
            deed()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as threads:
        return sorted(threads.map(run, deeds))


def test_two_facilitators_decide_about_the_same_thing_and_one_does(harbor, amina, ben, carla, said, tell):
    frank, dan = cast.person("Frank", role="facilitator"), cast.person("Dan")
    cast.stay(harbor, frank, role="facilitator")
    cast.stay(harbor, dan)
    reports = [tell(carla, said), tell(dan, said)]
    muting = {"outcome": Outcome.MUTED, "minutes": 60, "note": "Too heated.", "also_hide": True, "at": NOW}

    heard = at_once(
        *(
            lambda who=who, report=report: actions.decide(who, report.public_id, **muting)
            for who, report in zip((amina, frank), reports, strict=True)
        )
    )

    assert heard == ["already_decided", "done"]
    assert Sanction.objects.count() == 1
    assert Change.objects.filter(kind="message.hidden").count() == 1
    assert AuditEntry.objects.filter(verb="report.decided").count() == 2
    assert len(set(Report.objects.values_list("closed_by", flat=True))) == 1


def test_a_double_press_reports_once(harbor, amina, carla, said):
    def press():
        actions.report(carla, "message", said, why=Why.HURTFUL, words="", at=NOW)

    assert at_once(press, press, press, press) == ["done"] * 4
    assert Report.objects.count() == 1
    assert AuditEntry.objects.filter(verb="report.made").count() == 1


def test_two_mutes_at_once_leave_one_in_force(harbor, amina, ben):
    stay = harbor.memberships.get(user=ben).public_id

    def press():
        actions.mute(amina, harbor.public_id, stay, minutes=60, reason="Rest", at=NOW)

    assert at_once(press, press) == ["done"] * 2
    assert Sanction.objects.in_force(NOW).count() == 1
