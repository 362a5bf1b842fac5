"""A facilitator says until when they are here: shown until then, and of nobody who does not facilitate."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.access import room_of
from chat.models import Change, ChangeKind, Room
from chat.refusals import Archived, NotLaterToday
from chat.room_queries import room_page
from chat.ruling import say_here
from groups.membership.models import Membership
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound
from tests.cast import NOW


def shown(harbor, who, at=NOW) -> str | None:
    """Whom the room says to be here."""
    here = room_page(room_of(who, harbor.public_id, at=at), now=at).here
    return here.display_name if here else None


def test_it_is_shown_until_then_and_no_longer(harbor, room, amina, ben):
    assert shown(harbor, ben) is None
    until = say_here(amina, room.public_id, until=time(19), at=NOW).here_until
    assert (until.hour, until.date()) == (19, NOW.astimezone(until.tzinfo).date())
    assert shown(harbor, ben) == shown(harbor, ben, until - timedelta(seconds=1)) == "Amina"
    assert shown(harbor, ben, until) is None


def test_it_is_taken_back_by_oneself_and_written_down(harbor, room, amina, ben):
    for until in (time(19), time(19), None, None):
        say_here(amina, room.public_id, until=until, at=NOW)
    assert shown(harbor, ben) is None
    assert [change.kind for change in Change.objects.all()] == [ChangeKind.ROOM] * 2
    first, last = (entry.facts["here_until"] for entry in AuditEntry.objects.filter(verb="room.changed").order_by("pk"))
    assert ("19:00" in first, last) == (True, "")


def test_only_later_today_and_only_by_who_facilitates(room, amina, ben, eve, sam):
    with pytest.raises(NotLaterToday):
        say_here(amina, room.public_id, until=time(0), at=NOW)
    for person, refusal in ((ben, NotAllowed), (eve, NotAllowed), (sam, NotFound)):
        with pytest.raises(refusal):
            say_here(person, room.public_id, until=time(19), at=NOW)
    Room.objects.update(archived=True)
    with pytest.raises(Archived):
        say_here(amina, room.public_id, until=time(19), at=NOW)
    assert not Change.objects.exists()


def test_who_does_not_facilitate_any_more_is_not_said_to_be_here(harbor, room, amina, ben):
    say_here(amina, room.public_id, until=time(19), at=NOW)
    Membership.objects.filter(user=amina).update(role="member")
    assert shown(harbor, ben) is None


def test_by_the_form(harbor, room, amina, ben, signed_in):
    aminas, address = signed_in(amina), reverse("chat:here", args=[room.public_id])
    page = reverse("chat:room", args=[harbor.public_id])
    assert address in aminas.get(page).content.decode()
    late = aminas.post(address, {"until": "00:00"})
    assert (late.status_code, "Choose a time later today." in late.content.decode()) == (422, True)
    aminas.post(address, {"until": "23:59"})
    bens = signed_in(ben).get(page).content.decode()
    assert "Amina is here until " in bens
    assert address not in bens
    assert "I am no longer here" in aminas.get(address).content.decode()
    aminas.post(address, {"stop": "on"})
    assert "Amina is here until " not in signed_in(ben).get(page).content.decode()
    assert not Room.objects.filter(here_until__gt=timezone.now()).exists()
