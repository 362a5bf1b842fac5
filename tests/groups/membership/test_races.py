"""Many people at the same moment, on real PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from chat.models import Change, ChangeKind
from groups.membership.actions import approve, ask_to_join, leave
from groups.membership.actions.staying import LastFacilitator
from groups.membership.deeds import GroupFull
from groups.membership.models import GroupRole, JoinRule, State
from portal.accounts.models import Role
from tests import cast
from tests.cast import NOW

PEOPLE, PLACES = 50, 8


def all_at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Run every deed in a thread and connection of its own, let go together. Gives results and exceptions."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            return deed()
        except Exception as error:  # what came out is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


@pytest.mark.django_db(transaction=True)
def test_fifty_approvals_for_eight_places_let_in_eight():
    group = cast.group("Small", capacity=PLACES)
    runners = [cast.person(f"Runner {number}", role=Role.FACILITATOR) for number in range(2)]
    for runner in runners:
        cast.stay(group, runner, role=GroupRole.FACILITATOR)
    stays = [cast.stay(group, cast.person(f"Guest {number}"), state=State.ASKED) for number in range(PEOPLE)]

    results = all_at_once(
        [
            lambda stay=stay, runner=runners[number % 2]: approve(runner, group.public_id, stay.public_id, at=NOW)
            for number, stay in enumerate(stays)
        ]
    )

    outcomes = Counter(type(result).__name__ for result in results)
    assert outcomes == {"Membership": PLACES, GroupFull.__name__: PEOPLE - PLACES}
    assert group.memberships.holding_places().count() == PLACES
    assert group.memberships.waiting().count() == PEOPLE - PLACES
    seqs = Change.objects.filter(room=group.room, kind=ChangeKind.JOINED).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, PLACES + 1))


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_an_open_door_with_three_places():
    group = cast.group("Open Door", capacity=3, join_rule=JoinRule.OPEN)
    people = [cast.person(f"Guest {number}") for number in range(20)]

    results = all_at_once(
        [lambda one=one: ask_to_join(one, group.public_id, words="", accepted=1, at=NOW) for one in people]
    )

    assert Counter(stay.state for stay in results) == {State.ACTIVE: 3, State.WAITLISTED: 17}
    places = group.memberships.waitlisted().with_place_in_line().values_list("place_in_line", flat=True)
    assert list(places) == list(range(1, 18))


@pytest.mark.django_db(transaction=True)
def test_pressing_ask_many_times_makes_one_request():
    group, sam = cast.group(), cast.person("Sam")

    results = all_at_once([lambda: ask_to_join(sam, group.public_id, words="", accepted=1, at=NOW)] * 8)

    assert {stay.pk for stay in results} == {group.memberships.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_leaving_together_do_not_leave_the_group_alone():
    group = cast.group()
    runners = [cast.person(f"Runner {number}", role=Role.FACILITATOR) for number in range(2)]
    for runner in runners:
        cast.stay(group, runner, role=GroupRole.FACILITATOR)

    results = all_at_once([lambda one=one: leave(one, group.public_id, at=NOW) for one in runners])

    assert Counter(type(result).__name__ for result in results) == {"Membership": 1, LastFacilitator.__name__: 1}
    assert group.memberships.facilitating().count() == 1
