"""What home shows as the next session."""

from datetime import timedelta

import pytest

from groups.membership.models import Group, Membership
from groups.schedule import actions, queries
from groups.schedule.models import Reply
from tests.cast import NOW


@pytest.fixture
def second(tuesdays):
    return tuesdays.sessions.order_by("starts_at")[1]


def test_it_is_the_soonest_of_my_groups(ben, harbor, tuesday, dora, plan):
    plan(dora, Group.objects.get(name="Morning Light"), starts_on=NOW.date())

    row = queries.next_session(ben, now=NOW)

    assert (row.session, row.group, row.reply, row.may_answer) == (tuesday, harbor, "", True)


def test_it_says_what_i_answered(ben, tuesday):
    actions.answer(ben, tuesday.public_id, reply=Reply.MAYBE, at=NOW)

    row = queries.next_session(ben, now=NOW)

    assert (row.reply, row.said) == ("maybe", "You’re not sure yet")


def test_what_i_declined_is_not_next_for_me(ben, carla, tuesday, second):
    actions.answer(ben, tuesday.public_id, reply=Reply.NO, at=NOW)

    assert queries.next_session(ben, now=NOW).session == second
    assert queries.next_session(carla, now=NOW).session == tuesday


def test_what_is_cancelled_is_not_next(amina, ben, tuesday, second):
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)

    assert queries.next_session(ben, now=NOW).session == second


def test_what_runs_now_is_next_until_it_is_over(ben, tuesday, second):
    running = queries.next_session(ben, now=tuesday.ends_at - timedelta(seconds=1))
    assert (running.session, running.is_running, running.may_join) == (tuesday, True, True)

    assert queries.next_session(ben, now=tuesday.ends_at).session == second


@pytest.mark.parametrize("who", ["sam", "asking", "eve"])
def test_who_is_in_no_group_has_none(who, tuesdays, request):
    assert queries.next_session(request.getfixturevalue(who), now=NOW) is None


def test_who_left_has_none(ben, tuesdays):
    Membership.objects.filter(user=ben).update(state="removed", ended_at=NOW)

    assert queries.next_session(ben, now=NOW) is None


def test_it_takes_one_query(ben, tuesdays, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.next_session(ben, now=NOW).group.site.name == "Cleveland"
