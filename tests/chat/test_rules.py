"""When a room may be written in: reading only, slow mode, open hours, and the end of its group."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import ruling
from chat.models import Change, ChangeKind, Room, RoomState
from chat.refusals import Archived, OutsideHours, ReadOnly, SlowMode
from chat.rules import RoomRules
from groups.membership.actions import edit_group
from groups.membership.models import Group, Status
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound
from tests.cast import NOW
from tests.chat.talking import Page
from tests.groups.membership.test_setting_up import as_it_is

DAY = RoomRules(opens_at=time(8), closes_at=time(20))  # on the clinic's wall; NOW is noon there
NIGHT = RoomRules(opens_at=time(20), closes_at=time(8))
EVENING = NOW + timedelta(hours=9)


def test_hours_are_those_of_the_clinics_wall():
    assert DAY.is_open(NOW)
    assert not NIGHT.is_open(NOW)
    assert (DAY.is_open(EVENING), NIGHT.is_open(EVENING)) == (False, True)
    assert DAY.next_turn(NOW) == NIGHT.next_turn(NOW) == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert DAY.opens_next(EVENING) == datetime(2026, 3, 5, 13, tzinfo=UTC)
    spring = datetime(2026, 3, 8, 2, tzinfo=UTC)  # the evening before the clocks go forward
    assert DAY.opens_next(spring) == datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert (RoomRules().next_turn(NOW), RoomRules().opens_next(NOW)) == (None, None)


def test_a_room_outside_its_hours_says_when_it_opens(room, amina, ben, say):
    ruling.set_rules(amina, room.public_id, rules=DAY, at=NOW)
    say(ben, "By day")
    with pytest.raises(OutsideHours) as closed:
        say(ben, "By night", at=EVENING)
    assert closed.value.message == "This room is closed just now. It opens again at 8am tomorrow. You can still read."
    assert closed.value.retry_after == 11 * 3600
    say(amina, "I look after you", at=EVENING)


def test_reading_only_and_open_again(room, amina, ben, say):
    ruling.set_rules(amina, room.public_id, rules=RoomRules(RoomState.READ_ONLY), at=NOW)
    with pytest.raises(ReadOnly):
        say(ben, "Hello")
    say(amina, "A word from me")
    ruling.set_rules(amina, room.public_id, rules=RoomRules(), at=NOW)
    say(ben, "Hello")


def test_slow_mode_is_a_wait_a_person(room, amina, ben, carla, say):
    ruling.set_rules(amina, room.public_id, rules=RoomRules(slow_seconds=30), at=NOW)
    say(ben, "One")
    with pytest.raises(SlowMode) as slow:
        say(ben, "Two", at=NOW + timedelta(seconds=18))
    assert (
        slow.value.message == "One message each 30 seconds here just now. Please wait 12 seconds, then send it again."
    )
    assert slow.value.retry_after == 12
    say(carla, "Mine", at=NOW + timedelta(seconds=18))
    say(ben, "Two", at=NOW + timedelta(seconds=30))
    say(amina, "One")
    say(amina, "Two")


def test_rules_are_written_down_once(room, amina):
    for _ in range(2):
        ruling.set_rules(amina, room.public_id, rules=replace(DAY, slow_seconds=60), at=NOW)
    room.refresh_from_db()
    assert (room.head_seq, room.membership_version) == (1, 1)
    assert Change.objects.get().kind == ChangeKind.ROOM
    entry = AuditEntry.objects.get(verb="room.changed")
    assert entry.facts == {"slow_seconds": "60", "opens_at": "08:00:00", "closes_at": "20:00:00"}


def test_only_those_who_facilitate_decide(room, ben, dora, eve):
    for person, refusal in ((ben, NotAllowed), (eve, NotAllowed), (dora, NotFound)):
        with pytest.raises(refusal):
            ruling.set_rules(person, room.public_id, rules=DAY, at=NOW)


def test_an_archived_group_can_be_read_and_not_written_in(harbor, room, amina, ben, eve, say, signed_in):
    say(ben, "Before")
    edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), status=Status.ARCHIVED), at=NOW)
    for person in (ben, amina):
        with pytest.raises(Archived):
            say(person, "After")
    page = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert "This group has come to its end" in page
    edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), status=Status.OPEN), at=NOW)
    assert not Room.objects.get().archived
    assert Group.objects.get().status == Status.OPEN


def test_by_the_form(harbor, room, amina, ben, signed_in):
    aminas, address = signed_in(amina), reverse("chat:rules", args=[room.public_id])
    assert address in aminas.get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    half = aminas.post(address, {"state": "open", "slow_seconds": "0", "opens_at": "08:00", "closes_at": ""})
    assert (half.status_code, "Choose both times, or none." in half.content.decode()) == (422, True)
    aminas.post(address, {"state": "read_only", "slow_seconds": "30", "opens_at": "", "closes_at": ""})
    bens = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert "This room is for reading only just now" in bens
    aminas.post(address, {"state": "open", "slow_seconds": "30"})
    bens = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert "Slow mode: one message each 30 seconds." in bens


@pytest.mark.django_db(transaction=True)
def test_open_pages_follow_rules_and_the_clock(serving, room, amina, ben):
    clinic = timezone.now().astimezone(NOW.tzinfo)
    with Page(serving("daphne"), ben) as page:
        page.enter(room.public_id)
        ruling.set_rules(amina, room.public_id, rules=RoomRules(RoomState.READ_ONLY), at=clinic)
        assert page.until("rights", timeout=1)["may"] == ["read"]
        assert set(page.until("change")) == {"op", "room", "seq", "kind", "at"}
        page.say(room.public_id, "Hello?")
        assert page.until("refused")["code"] == "read_only"
        ruling.set_rules(amina, room.public_id, rules=RoomRules(), at=clinic)
        assert page.until("rights", timeout=1)["may"] == ["read", "write"]
