"""Talking over real sockets, on both servers: every message once, in order, and the answer after the commit."""

from uuid import uuid4

import pytest
from django.utils import timezone

from chat.models import Message
from portal.preferences.actions import change_preferences
from tests.chat.talking import Page
from tests.serving import EPOCH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["daphne", pytest.param("uvicorn", marks=pytest.mark.slow)])
def portal(serving, request):
    return serving(request.param)


def test_two_people_talk(portal, room, ben, carla):
    with Page(portal, ben) as bens, Page(portal, carla) as carlas:
        welcome = bens.enter(room.public_id)
        mine = {"head": 0, "may": ["read", "write"], "unread": 0}
        assert welcome == {
            "op": "welcome",
            "epoch": str(EPOCH),
            "you": str(ben.public_id),
            "beat_every": 15,
            "rooms": {str(room.public_id): mine},
        }
        carlas.enter(room.public_id)

        key = bens.say(room.public_id, "Hello *all*")
        ok = bens.until("ok")
        message = Message.objects.get()
        assert ok == {
            "op": "ok",
            "key": str(key),
            "room": str(room.public_id),
            "seq": 1,
            "message": str(message.public_id),
        }

        heard = carlas.until("change")
        assert (heard["seq"], heard["kind"]) == (1, "message.sent")
        assert heard["message"] == {
            "id": str(message.public_id),
            "seq": 1,
            "author": {"id": str(ben.public_id), "name": "Ben"},
            "sent_at": message.sent_at.isoformat(),
            "edited_at": None,
            "reply_to": None,
            "state": "shown",
            "body": "Hello *all*",
            "html": "<p>Hello <em>all</em></p>\n",
        }
        assert bens.until("change")["message"]["key"] == str(key)


def test_sending_again_is_harmless(portal, room, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        key = page.say(room.public_id, "Once")
        first = page.until("ok")
        page.say(room.public_id, "Once", key)
        assert page.until("ok") == first
        page.say(room.public_id, "Something else", key)
        refused = page.until("refused")
        assert (refused["code"], refused["key"]) == ("key_reused", str(key))
    with Page(portal, ben) as again:
        again.enter(room.public_id)
        again.say(room.public_id, "Once", key)
        assert again.until("ok") == first
    assert Message.objects.count() == 1


def test_who_comes_back_hears_what_was_missed_in_order(portal, room, ben, carla):
    with Page(portal, carla) as carlas:
        carlas.enter(room.public_id)
        for number in range(5):
            carlas.say(room.public_id, f"{number}")
            carlas.until("ok")
        with Page(portal, ben) as bens:
            bens.enter(room.public_id, seen=2)
            assert [change["seq"] for change in bens.changes] == [3, 4, 5]
            bens.put("since", room=room.public_id, seq=3)
            bens.until("live")
            assert [change["seq"] for change in bens.changes] == [3, 4, 5, 4, 5]
            carlas.say(room.public_id, "after")
            assert bens.until("change")["seq"] == 6


def test_a_gap_that_is_too_long_and_another_epoch_start_afresh(portal, room, ben):
    room.head_seq = 501
    room.save(update_fields=["head_seq"])
    with Page(portal, ben) as page:
        for epoch, seen in [(None, 0), (None, 502), (str(uuid4()), 501), ("odd", 501)]:
            page.put("hello", epoch=epoch, rooms={str(room.public_id): seen})
            assert page.until("reset")["room"] == str(room.public_id)
        page.put("hello", epoch=str(EPOCH), rooms={str(room.public_id): 501})
        assert page.until("live")["head"] == 501


def test_words_are_changed_and_taken_back(portal, room, ben, carla):
    with Page(portal, ben) as bens, Page(portal, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        bens.say(room.public_id, "Helo")
        message = bens.until("ok")["message"]
        bens.put("edit", room=room.public_id, message=message, key=uuid4(), body="Hello")
        assert bens.until("ok")["seq"] == 2
        edited = carlas.until("change", kind="message.edited")["message"]
        assert (edited["body"], edited["edited_at"] is not None) == ("Hello", True)

        carlas.put("remove", room=room.public_id, message=message, key=uuid4())
        assert carlas.until("refused")["code"] == "not_yours"
        bens.put("remove", room=room.public_id, message=message, key=uuid4())
        assert bens.until("ok")["seq"] == 3
        removed = carlas.until("change", kind="message.removed")["message"]
        assert (removed["state"], removed["body"], removed["html"]) == ("removed", "", "")

        carlas.put("since", room=room.public_id, seq=0)
        carlas.until("live")
        assert {change["message"]["body"] for change in carlas.changes[-3:]} == {""}


def test_reading_is_shared_by_the_devices_of_a_person(portal, room, ben, carla, say):
    say(carla, "One")
    say(carla, "Two")
    with Page(portal, ben) as phone, Page(portal, ben) as desk:
        assert phone.enter(room.public_id)["rooms"][str(room.public_id)]["unread"] == 2
        desk.enter(room.public_id)
        phone.put("read", room=room.public_id, seq=1)
        for page in (phone, desk):
            told = page.until("notify", kind="read")
            assert (told["seq"], told["count"]) == (1, 1)


def test_a_reaction_to_nothing_is_refused_and_typing_is_not_answered(portal, room, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        page.put("react", room=room.public_id, message=uuid4(), key=uuid4(), kind="hope", on=True)
        assert page.until("refused")["code"] == "not_found"
        page.put("typing", room=room.public_id)
        assert page.quiet(0.2) == []


def test_who_chose_it_is_seen_here_and_writing(portal, room, ben, carla):
    change_preferences(ben, values={"typing": "on", "presence": "on"}, at=timezone.now())
    with Page(portal, ben) as his, Page(portal, carla) as hers:
        for page in (his, hers):
            page.enter(room.public_id)
        his.put("typing", room=room.public_id)
        told: dict[str, list] = {}
        while len(told) < 2:
            frame = hers.get()
            if frame["op"] in ("typing", "presence"):
                told[frame["op"]] = frame["people"]
        assert told["typing"] == told["presence"] == [{"id": str(ben.public_id), "name": "Ben"}]
