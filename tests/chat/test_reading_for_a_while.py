"""An admin who has opened a group hears its room, writes nothing, and hears nothing more when the time is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.openings import actions as openings
from groups.openings.models import Opening
from tests.chat.talking import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_opening_holds_for_sockets_and_ends_by_itself(live_portal, harbor, room, eve, carla):
    with Page(live_portal, eve) as admins, Page(live_portal, carla) as carlas:
        carlas.enter(room.public_id)
        openings.open_group(eve, harbor.public_id, reason="A report.", minutes=15, at=timezone.now())
        Opening.objects.update(ends_at=timezone.now() + timedelta(seconds=1.5))
        welcome = admins.enter(room.public_id)
        assert "read" in welcome["rooms"][str(room.public_id)]["may"]
        assert "write" not in welcome["rooms"][str(room.public_id)]["may"]
        carlas.say(room.public_id, "While the group is open")
        assert admins.until("change")["message"]["body"] == "While the group is open"
        admins.say(room.public_id, "Words of an admin")
        assert admins.until("refused")["code"] == "not_allowed"

        assert admins.until("closed", timeout=4)["room"] == str(room.public_id)

        heard = len(admins.changes)
        carlas.say(room.public_id, "After it closed by itself")
        carlas.until("ok")
        assert admins.quiet(0.5) == []
        assert len(admins.changes) == heard


def test_closing_it_by_hand_is_heard_at_once(live_portal, harbor, room, eve):
    openings.open_group(eve, harbor.public_id, reason="A report.", minutes=15, at=timezone.now())
    with Page(live_portal, eve) as admins:
        admins.enter(room.public_id)
        openings.close_group(eve, harbor.public_id, at=timezone.now())
        assert admins.until("closed", timeout=1)["room"] == str(room.public_id)
