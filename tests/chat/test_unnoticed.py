"""What a process hears of too late: the page is loaded again rather than left with what is not for its reader now."""

import pytest
from channels.layers import channel_layers
from django.utils import timezone

from chat import lookups
from groups.membership import actions as membership
from groups.membership.models import Membership
from tests.cast import begin_session
from tests.chat.inside import InnerPage

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_left_and_came_back_unnoticed_loads_the_page_again(processes, harbor, room, amina, eve, ben, carla, say):
    say(carla, "Before")
    page = InnerPage(processes[1], begin_session(ben), room.public_id)
    page.wait(lambda: page.is_live)
    channel_layers["default"].mood = "lose"
    stay = Membership.objects.get(user=ben).public_id
    membership.remove_member(amina, harbor.public_id, stay, reason="Rules.", at=timezone.now())
    membership.add_person(eve, harbor.public_id, ben.public_id, role="member", at=timezone.now())
    processes[1].look()
    page.wait(lambda: page.is_away)
    assert page.heard[-1]["op"] == "reset"
    page.cut()


def test_what_was_read_before_somebody_had_to_go_and_comes_in_after_brings_nothing_back(
    processes, harbor, room, amina, ben, carla, say
):
    page = InnerPage(processes[0], begin_session(ben), room.public_id)
    page.wait(lambda: page.is_live)
    hub = processes[0].hub
    (socket,) = hub.people[ben.public_id]
    (places,) = lookups.places_of([socket.who])
    stay = Membership.objects.get(user=ben).public_id
    membership.remove_member(amina, harbor.public_id, stay, reason="Rules.", at=timezone.now())
    page.wait(lambda: page.is_away)

    async def comes_late() -> None:
        hub.seat(socket, places[room.public_id], page.shown)

    processes[0].do(comes_late())
    say(carla, "After", at=timezone.now())
    processes[0].look()

    assert page.wrong == []
    page.cut()
