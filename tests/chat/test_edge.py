"""Who may open a socket, what may come in, and how it ends. Nothing a client sends is an uncaught fault (1011)."""

import json
import time
from itertools import product
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.frames import Frame, Opcode

from chat.protocol import OPS
from portal.accounts.models import Standing
from tests.chat.talking import Page
from tests.serving import BRISK

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["daphne", pytest.param("uvicorn", marks=pytest.mark.slow)])
def portal(serving, request):
    return serving(request.param)


@pytest.fixture(params=["daphne", "uvicorn"])
def each(serving, request):
    """Both, where the server's own part decides the answer."""
    return serving(request.param)


STRANGE_ORIGINS = [
    None,
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "ftp://127.0.0.1:{port}",
    "http://localhost:{port}",
    "http://127.0.0.1:{port}.evil.example",
    "http://127.0.0.1:{port}/",
    "https://evil.example",
]


def test_another_sites_page_is_refused_before_the_handshake(each, ben):
    session = each.sign_in(ben)
    for origin in STRANGE_ORIGINS:
        with pytest.raises(InvalidStatus) as refused:
            Page(each, session=session, origin=origin and origin.format(port=each.port))
        # 400: daphne finds some to be no origin at all
        assert refused.value.response.status_code in (403, 400), origin


def test_another_protocol_is_refused_before_the_handshake(each, ben):
    for names in (None, ["chat"], ["each.v2"]):
        with pytest.raises(InvalidHandshake):
            Page(each, ben, subprotocols=names)


def test_only_a_living_session_of_an_approved_person_gets_in(portal, ben, waiting):
    for nobody in (
        Page(portal),
        Page(portal, session="x" * 32),
        Page(portal, session="'; --"),
        Page(portal, session=str(uuid4())),
    ):
        with nobody as page:
            assert page.closed() == 4401
    with Page(portal, waiting) as page:
        assert page.closed() == 4403
    session = portal.sign_in(ben)
    ben.standing = Standing.PAUSED
    ben.save(update_fields=["standing"])
    with Page(portal, session=session) as page:
        assert page.closed() == 4403


def test_a_person_has_eight_sockets_and_no_more(portal, room, ben, carla):
    session = portal.sign_in(ben)
    pages = [Page(portal, session=session) for _ in range(8)]
    for page in pages:
        page.enter(room.public_id)
    with Page(portal, session=session) as ninth:
        assert ninth.closed() == 4429
    with Page(portal, carla) as other:
        other.enter(room.public_id)
    pages.pop().socket.close()
    time.sleep(0.2)
    with Page(portal, session=session) as again:
        again.enter(room.public_id)
    for page in pages:
        page.socket.close()


def test_what_is_no_text_frame_of_fitting_size_ends_it(each, room, ben):
    session = each.sign_in(ben)
    for sent, code in [(b"\x00\x01", 1003), ("x" * 65_537, 1009), ("é" * 40_000, 1009), ("x" * 2_000_000, 1009)]:
        with Page(each, session=session) as page:
            page.enter(room.public_id)
            page.socket.send(sent)
            assert page.closed() == code, (sent[:9], code)
    with Page(each, session=session) as page:
        page.enter(room.public_id)
        page.socket.socket.sendall(Frame(Opcode.TEXT, b'{"op": "\xff\xfe"}').serialize(mask=True))
        assert page.closed() == 1007


def test_a_frame_of_64_kib_is_taken(each, room, ben):
    with Page(each, ben) as page:
        page.enter(room.public_id)
        page.socket.send(json.dumps({"op": "beat", "n": 0, "seen": {}, "x": ""}).replace('""', f'"{"x" * 65_480}"'))
        page.say(room.public_id, "after")
        page.until("ok")


def test_five_frames_that_are_none_in_a_minute_end_it(portal, room, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        for text in ["", "[]", "[" * 30_000, '{"op": "__init__"}']:
            page.socket.send(text)
            assert page.until("refused")["code"] == "malformed"
        page.say(room.public_id, "Still here")
        page.until("ok")
        page.socket.send("null")
        assert page.closed() == 1008


WRONG = [None, True, -1, 1.5, "", "x", "\ud800", [], {}, [[]], 2**70, str(uuid4())]
FIELDS = {
    "hello": ["epoch", "rooms"],
    "send": ["room", "key", "body", "reply_to"],
    "edit": ["room", "message", "key", "body"],
    "remove": ["room", "message", "key"],
    "react": ["room", "message", "key", "kind", "on"],
    "read": ["room", "seq"],
    "unread": ["room", "seq"],
    "since": ["room", "seq"],
    "typing": ["room"],
    "beat": ["n", "seen"],
}


def test_there_is_a_case_for_every_op():
    assert set(FIELDS) == OPS


@pytest.mark.parametrize("op", sorted(FIELDS))
def test_wrong_fields_are_answered_or_refused_and_never_a_fault(serving, room, ben, op):
    right = {"room": room.public_id, "key": uuid4(), "message": uuid4(), "body": "x", "seq": 0, "rooms": {}}
    right |= {"n": 1, "seen": {}, "kind": "hope", "on": True, "reply_to": None, "epoch": None}
    with Page(serving("daphne", **BRISK), ben) as page:
        for field, wrong in product(FIELDS[op], WRONG):
            page.put(op, **{name: right[name] for name in FIELDS[op]} | {field: wrong})
        last = uuid4()
        page.put("react", **{name: right[name] for name in FIELDS["react"]} | {"key": last})
        page.until("refused", key=str(last))


def test_foreign_and_absent_rooms_look_alike(portal, room, sam, dora):
    session = portal.sign_in(dora)
    absent = uuid4()
    with Page(portal, session=session) as page:

        def answers(op, place, **fields):
            page.put(op, room=place, **fields)
            frame = page.get()
            return {name: value for name, value in frame.items() if name not in ("room", "key")}

        for op, fields in [
            ("send", {"key": uuid4(), "body": "x"}),
            ("edit", {"key": uuid4(), "message": uuid4(), "body": "x"}),
            ("remove", {"key": uuid4(), "message": uuid4()}),
            ("since", {"seq": 0}),
        ]:
            assert answers(op, room.public_id, **fields) == answers(op, absent, **fields)


def test_a_flood_of_frames_ends_it_and_hurts_nobody(portal, room, ben, carla):
    with Page(portal, carla) as calm, Page(portal, ben) as wild:
        calm.enter(room.public_id)
        wild.enter(room.public_id)
        try:
            for _ in range(3000):
                wild.put("typing", room=room.public_id)
        except ConnectionClosed:
            pass
        assert wild.closed() in (1008, 1006)
        calm.say(room.public_id, "All is well")
        calm.until("ok", timeout=1)
