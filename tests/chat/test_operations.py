"""Every socket operation, tried by every kind of person on a real server: the socket's half of the matrix."""

from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from chat import actions as chat
from chat.models import ReadMark, Room
from chat.protocol import OPS
from groups.moderation.models import Sanction
from portal.accounts.models import User
from tests import world
from tests.chat.talking import Page
from tests.permissions import OPERATIONS, WHO, Answer
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


def test_everybody_gets_what_the_table_says(portal):
    """One world for all of them: what they do there changes nothing for one another."""
    there = world.build(timezone.now())
    room = Room.objects.get(public_id=there.ids["room_id"])
    messages = {who: own_message(there, who, room) for who in WHO}
    got: dict[str, dict[str, Answer]] = {}
    with ExitStack() as opened:
        pages = {who: opened.enter_context(Page(portal, there.people.get(who))) for who in WHO if not is_shut(who)}
        for who in sorted(pages, key=may_read):  # marks are kept in rounds: theirs are there when all others' could be
            got[who] = try_all(pages[who], room.public_id, messages[who])
        for who, page in pages.items():
            got[who]["beat"] = "ok" if is_open(page, room.public_id) else "closed"
        for who in sorted(pages, key=may_read, reverse=True):
            got[who] |= kept_of(there.people[who], who, room)
    for who in WHO:
        if is_shut(who):
            with Page(portal, there.people.get(who)) as page:
                got[who] = dict.fromkeys(OPERATIONS, page.closed())

    silent = {"typing"}  # has no answer and leaves nothing; see test_here
    assert got == {
        who: {op: row.answer(who) for op, row in OPERATIONS.items() if op not in silent or is_shut(who)} for who in WHO
    }


def may_read(who: str) -> bool:
    return OPERATIONS["read"].answer(who) == "ok"


def is_shut(who: str) -> bool:
    """Whether the socket itself lets nobody like this in."""
    return isinstance(OPERATIONS["beat"].answer(who), int)


def try_all(page: Page, room: UUID, message: UUID) -> dict[str, Answer]:
    """Every operation once. Those without an answer come last; what came of them is seen later."""
    got: dict[str, Answer] = {
        op: answer_to(page, op, room, message) for op in ("hello", "since", "send", "edit", "react", "remove")
    }
    page.put("read", room=room, seq=1)
    page.put("unread", room=room, seq=1)
    page.put("typing", room=room)
    page.put("beat", n=1, seen={str(room): 1})
    return got


def is_open(page: Page, room: UUID) -> bool:
    """Whether it is still answered, now that everything before was heard."""
    key = uuid4()
    page.put("react", room=room, message=uuid4(), key=key, kind="hope", on=True)
    try:
        page.until("refused", key=str(key))
    except ConnectionClosed:
        return False
    return True


def kept_of(user: User, who: str, room: Room) -> dict[str, Answer]:
    """Marks are kept without an answer, a moment later; who may not gets none at any time."""
    kept: dict[str, Answer] = {}
    for op, sign in (("read", {"seq__gte": 1}), ("unread", {"unread_from": 1})):
        mark = ReadMark.objects.filter(room=room, user=user, **sign)
        found = soon(mark.exists, 5) if may_read(who) else mark.exists()
        kept[op] = "ok" if found else "not_found"
    return kept


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
