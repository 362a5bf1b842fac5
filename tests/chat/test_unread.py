"""Finding a room new again from somewhere, and keeping it quiet: the same on every device of a person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import marking
from chat.models import ReadMark
from chat.queries import groups_with_unread
from portal.errors import NotFound
from tests.cast import NOW
from tests.chat.talking import Page


def unread(user) -> list[int]:
    return [row.unread for row in groups_with_unread(user, now=NOW)]


def test_marked_unread_it_is_new_again_from_there_until_it_is_read(room, ben, carla, say):
    for number in range(5):
        say(carla, f"Line {number}")
    marking.mark_read(ben, room.public_id, seq=5, at=NOW)
    assert marking.mark_unread(ben, room.public_id, seq=4, at=NOW) == 2
    assert (unread(ben), unread(carla)) == ([2], [0])
    mark = ReadMark.objects.get(user=ben)
    assert (mark.seq, mark.unread_from) == (5, 4)  # the mark itself never goes back

    marking.mark_read(ben, room.public_id, seq=3, at=NOW)
    assert unread(ben) == [2]
    marking.mark_read(ben, room.public_id, seq=5, at=NOW)
    mark.refresh_from_db()
    assert (unread(ben), mark.seq, mark.unread_from) == ([0], 5, None)


def test_marking_further_down_reads_what_is_above(room, ben, carla, say):
    for number in range(5):
        say(carla, f"Line {number}")
    assert marking.mark_unread(ben, room.public_id, seq=4, at=NOW) == 2
    assert ReadMark.objects.get().seq == 3
    assert marking.mark_unread(ben, room.public_id, seq=99, at=NOW) == 1
    assert marking.mark_unread(ben, room.public_id, seq=0, at=NOW) == 5


def test_a_new_message_counts_with_them(room, ben, carla, say):
    say(carla, "One")
    marking.mark_read(ben, room.public_id, seq=1, at=NOW)
    marking.mark_unread(ben, room.public_id, seq=1, at=NOW)
    say(carla, "Two")
    assert unread(ben) == [2]


def test_the_divider_stands_there(harbor, room, ben, carla, say, signed_in):
    for number in range(3):
        say(carla, f"Line {number}")
    marking.mark_read(ben, room.public_id, seq=3, at=NOW)
    bens, address = signed_in(ben), reverse("chat:room", args=[harbor.public_id])
    assert 'id="new"' not in bens.get(address).content.decode()
    message = room.messages.get(seq=3)
    answer = bens.post(reverse("chat:unread", args=[room.public_id, message.public_id]), follow=True)
    assert "1 new" in answer.content.decode()
    page = bens.get(address).content.decode()
    assert page.index("Line 1") < page.index('id="new"') < page.index("Line 2")


def test_a_room_is_read_from_the_home_page_as_far_as_that_page_knew(room, ben, carla, say, signed_in):
    say(carla, "One")
    say(carla, "Two")
    bens = signed_in(ben)
    page, address = bens.get("/").content.decode(), reverse("chat:read", args=[room.public_id])
    assert f'action="{address}"' in page
    assert 'name="seq" value="2"' in page
    say(carla, "Three")
    answer = bens.post(address, {"seq": "2"}, follow=True).content.decode()
    assert ("Marked as read." in answer, "1 new" in answer) == (True, True)
    assert address not in bens.post(address, {"seq": "3"}, follow=True).content.decode()
    assert unread(ben) == [0]


def test_only_people_of_the_room(room, sam, eve, carla, say):
    say(carla, "One")
    for person in (sam, eve):
        with pytest.raises(Exception) as refused:
            marking.mark_unread(person, room.public_id, seq=1, at=NOW)
        assert refused.value.status in (403, 404)
    with pytest.raises(NotFound):
        marking.set_quiet(sam, room.public_id, on=True, at=NOW)


def test_a_quiet_room_is_counted_softly(harbor, room, ben, carla, say, signed_in):
    say(carla, "One", at=timezone.now())
    bens = signed_in(ben)
    bens.post(reverse("chat:quiet", args=[room.public_id]), {"on": "on"})
    assert "Quiet · 1 new" in bens.get(reverse("home")).content.decode()
    assert "This chat is quiet for you" in bens.get(reverse("chat:find", args=[room.public_id])).content.decode()
    bens.post(reverse("chat:quiet", args=[room.public_id]), {})
    home = bens.get(reverse("home")).content.decode()
    assert ("Quiet" in home.replace("Quiet Harbor", ""), "1 new" in home) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_every_device_hears_of_it(serving, room, ben, carla, say):
    for number in range(3):
        say(carla, f"Line {number}", at=timezone.now())
    portal = serving("daphne")
    with Page(portal, ben) as phone, Page(portal, ben) as desk:
        phone.enter(room.public_id)
        desk.enter(room.public_id)
        phone.put("read", room=room.public_id, seq=3)
        assert desk.until("notify", kind="read")["count"] == 0
        phone.put("unread", room=room.public_id, seq=2)
        heard = {"op": "notify", "kind": "unread", "room": str(room.public_id), "seq": 1, "count": 2}
        assert desk.until("notify", kind="unread") == phone.until("notify", kind="unread") == heard
        desk.put("read", room=room.public_id, seq=3)
        assert phone.until("notify", kind="read", seq=3)["count"] == 0
