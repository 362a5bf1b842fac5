"""The queue: danger first, one row a thing, and never another group's rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.moderation import actions
from groups.moderation.models import Outcome, Why
from groups.moderation.queries import open_reports, queue
from tests import cast
from tests.cast import NOW


def seen(who, at=NOW):
    """The reports in somebody's queue."""
    return [item.first.public_id for item in queue(who, at=at).reports]


def test_danger_comes_first_then_the_oldest(harbor, amina, ben, carla, say, tell):
    old = tell(carla, say(ben, harbor, "One"), at=NOW)
    new = tell(carla, say(ben, harbor, "Two"), at=NOW + timedelta(minutes=1))
    danger = tell(carla, say(ben, harbor, "Three"), Why.DANGER, at=NOW + timedelta(minutes=2))

    assert seen(amina) == [danger.public_id, old.public_id, new.public_id]
    assert [item.urgent for item in queue(amina, at=NOW).reports] == [True, False, False]


def test_several_reports_about_one_thing_are_one_row(harbor, amina, carla, said, tell):
    dan = cast.person("Dan")
    cast.stay(harbor, dan)
    tell(carla, said, Why.OTHER)
    tell(dan, said, Why.DANGER)

    (item,) = queue(amina, at=NOW).reports
    assert (item.count, item.urgent, item.why) == (2, True, "Someone may be in danger")
    assert open_reports(amina) == 1


def test_a_decided_report_leaves_the_queue(amina, carla, said, tell):
    report = tell(carla, said)
    actions.decide(amina, report.public_id, outcome=Outcome.NO_ACTION, note="", at=NOW)

    assert seen(amina) == []
    assert open_reports(amina) == 0


def test_nobody_else_sees_the_reports(amina, ben, carla, dora, eve, sam, said, tell):
    tell(carla, said)

    for who in (ben, carla, dora, eve, sam):
        assert seen(who) == []
        assert open_reports(who) == 0


def test_a_former_facilitator_sees_nothing(harbor, amina, carla, said, tell):
    tell(carla, said)
    amina.role = "patient"
    amina.save(update_fields=["role"])

    assert seen(amina) == []


def test_nobody_sees_a_report_about_themselves(harbor, amina, carla, say, tell):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")
    report = tell(carla, say(amina, harbor))

    assert seen(amina) == []
    assert seen(frank) == [report.public_id]


def test_mutes_are_listed_while_they_last_and_the_person_is_here(harbor, amina, ben, dora):
    stay = harbor.memberships.get(user=ben)
    actions.mute(amina, harbor.public_id, stay.public_id, minutes=60, reason="Rest", at=NOW)

    (row,) = queue(amina, at=NOW).mutes
    assert (row.user, row.group, row.stay_id) == (ben, harbor, stay.public_id)
    assert queue(amina, at=NOW + timedelta(hours=1)).mutes == []
    assert queue(dora, at=NOW).mutes == []
    stay.state, stay.ended_at = "left", NOW
    stay.save(update_fields=["state", "ended_at"])
    assert queue(amina, at=NOW).mutes == []


def test_an_admin_sees_counts_of_other_groups_and_nothing_more(harbor, amina, ben, carla, dora, eve, say, tell):
    tell(carla, say(ben, harbor, "One"), Why.DANGER, at=NOW)
    tell(carla, say(amina, harbor, "Two"), at=NOW + timedelta(minutes=1))

    page = queue(eve, at=NOW)
    assert (page.reports, page.mutes) == ([], [])
    assert list(page.elsewhere) == [
        {
            "group__public_id": harbor.public_id,
            "group__name": "Quiet Harbor",
            "waiting": 2,
            "urgent": 1,
            "about_facilitator": 1,
            "oldest_at": NOW,
        }
    ]
    assert queue(amina, at=NOW).elsewhere == []


def test_an_admin_who_runs_a_group_sees_its_reports(harbor, amina, carla, eve, said, tell):
    cast.stay(harbor, eve, role="facilitator")
    report = tell(carla, said)

    assert seen(eve) == [report.public_id]
    assert queue(eve, at=NOW).elsewhere == []


@pytest.mark.parametrize("who", ["amina", "eve"])
def test_the_queue_takes_as_many_queries_for_three_as_for_one(
    who, harbor, amina, ben, carla, eve, say, tell, request, signed_in, django_assert_num_queries
):
    def add(number):
        newcomer = cast.person(f"New {number}")
        cast.stay(cast.group(f"Bay {number}"), cast.person(f"Lead {number}", role="facilitator"), role="facilitator")
        stay = cast.stay(harbor, newcomer)
        tell(carla, say(newcomer, harbor), at=NOW)
        actions.mute(amina, harbor.public_id, stay.public_id, minutes=60, reason="Rest", at=timezone.now())
        cast.stay(harbor, cast.person(f"Asking {number}"), state="asked")

    browser, page = signed_in(request.getfixturevalue(who)), reverse("moderation:queue")
    add(1)
    browser.get(page)
    with django_assert_num_queries(QUERIES[who]):
        browser.get(page)
    add(2)
    add(3)
    with django_assert_num_queries(QUERIES[who]):
        browser.get(page)


QUERIES = {"amina": 6, "eve": 7}
