"""Every socket operation, tried by every kind of person on a real server: the socket's half of the matrix."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from chat import actions as chat
from chat.models import ReadMark, Room
from chat.protocol import OPS
from groups.moderation.models import Sanction
from tests import world
from tests.chat.talking import Page
from tests.permissions import OPERATIONS, WHO
from tests.portal.running import soon

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_operation_has_a_row():
    assert set(OPERATIONS) == OPS


@pytest.fixture
def portal(serving):
    return serving("daphne")


def own_message(there: world.World, who: str, room: Room) -> UUID:
    """A message of this person's own, where they may have one, from before any mute; else somebody else's."""
    if who not in ("member", "muted", "facilitator"):
        return there.ids["message_id"]
    Sanction.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    before = timezone.now() - timedelta(minutes=2)
    return chat.send(there.people[who], room.public_id, key=uuid4(), body="mine", at=before).public_id


def answer_to(page: Page, op: str, room, message) -> str:
    """What one operation got, in the words of the table."""
    key = uuid4()
    frames = {
        "hello": {"epoch": None, "rooms": {str(room): 0}},
        "since": {"room": room, "seq": 0},
        "send": {"room": room, "key": key, "body": "hello"},
        "edit": {"room": room, "message": message, "key": key, "body": "changed"},
        "remove": {"room": room, "message": message, "key": key},
        "react": {"room": room, "message": message, "key": key, "kind": "hope", "on": True},
    }
    page.put(op, **frames[op])
    while True:
        frame = page.get()
        if frame["op"] == "closed":
            return "not_found"
        if frame["op"] in ("ok", "live"):
            return "ok"
        if frame["op"] == "refused":
            return "not_found" if frame["code"] in ("not_found", "no_such_message") else frame["code"]


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_table_says(portal, who):
    there = world.build(timezone.now())
    room = Room.objects.get(public_id=there.ids["room_id"])
    message = own_message(there, who, room)
    user = there.people.get(who)
    expected = {op: row.answer(who) for op, row in OPERATIONS.items()}

    shut = {answer for answer in expected.values() if isinstance(answer, int)}
    if shut:
        with Page(portal, user) as page:
            assert {page.closed()} == shut
        return

    got = {}
    with Page(portal, user) as page:
        for op in ("hello", "since", "send", "edit", "react", "remove"):
            got[op] = answer_to(page, op, room.public_id, message)
        page.put("read", room=room.public_id, seq=1)
        page.put("unread", room=room.public_id, seq=1)
        page.put("typing", room=room.public_id)
        page.put("beat", n=1, seen={str(room.public_id): 1})
        got["beat"] = "ok" if still_open(page) else "closed"
        for op, sign in (("read", {"seq__gte": 1}), ("unread", {"unread_from": 1})):
            mark = ReadMark.objects.filter(room=room, user=user, **sign)
            # Marks are kept without an answer, a moment later; who may not gets none at any time.
            kept = soon(mark.exists, 5) if expected[op] == "ok" else mark.exists()
            got[op] = "ok" if kept else "not_found"
    assert got == {op: answer for op, answer in expected.items() if op in got}


def still_open(page: Page) -> bool:
    try:
        page.quiet(0.5)
    except ConnectionClosed:
        return False
    return True


def test_a_room_that_is_not_ours_answers_like_a_room_that_is_not(portal):
    there = world.build(timezone.now())
    heard = []
    for room in (there.ids["room_id"], world.nowhere()):
        with Page(portal, there.people["patient"]) as page:
            for op in ("hello", "since", "send", "edit", "react", "remove"):
                page_answer = answer_to(page, op, room, there.ids["message_id"])
                heard.append((op, page_answer))
    half = len(heard) // 2
    assert heard[:half] == heard[half:]
