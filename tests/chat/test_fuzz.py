"""Hostile frames and handshakes: each gets a typed answer or an end with its code, and nobody else is any worse off."""

import json
import random
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from chat.protocol import OPS
from portal.limits import Allowance
from tests.chat.talking import Page
from tests.serving import LivePortal

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "canary-in-a-frame"
ENDS = (1002, 1003, 1007, 1008, 1009)  # 1002: the server's own word for what is no websocket
ANSWERS = ("refused", "ok", "welcome", "live", "closed", "reset", "change", "notify", "rights")
VALUES: list[object] = [None, True, -1, 0, 1.5, 2**53, 2**53 + 1, 10**400, "", "x", CANARY, "\ud800", "\x00"]
VALUES += [[], {}, [[[[[]]]]], {"a": {}}]
RAW = [
    "",
    " ",
    "{",
    "null",
    "[]",
    '"hello"',
    "NaN",
    '{"op": "read", "room": 1, "seq": NaN}',
    '{"op": "read", "room": 1, "seq": -Infinity}',
    '{"op": "send", "op": "hello", "rooms": {}}',
    '{"op": "beat", "n": 1, "n": 2}',
    '{"op": "beat", "n": ' + "9" * 5_000 + "}",
    "[" * 10_000 + "]" * 10_000,
    '{"op":' * 10_000,
    '{"op": "websocket.close", "code": 1011}',
    '{"op": "__class__"}',
    '{"type": "room", "op": "rooms"}',
    '{"op": "\\ud800"}',
    f'{{"op": "{CANARY}"}}',
    '{"op": "hello", "rooms": ' + json.dumps({str(uuid4()): 0 for _ in range(201)}) + "}",
]


def hostile(dice: random.Random, room: str) -> str:
    """A text that is no frame, or a frame with something wrong or surprising in it."""
    if dice.random() < 0.3:
        return dice.choice(RAW)
    fields = {"room": room, "key": str(uuid4()), "message": str(uuid4()), "body": "x", "seq": 0, "rooms": {}, "n": 1}
    fields |= {"seen": {}, "kind": "hope", "on": True, "reply_to": None, "epoch": None}
    for name in dice.sample(sorted(fields), k=dice.randint(1, 3)):
        fields[name] = dice.choice([*VALUES, str(uuid4())])
    return json.dumps({"op": dice.choice(sorted(OPS)), **fields})


def sockets(portal: LivePortal, session: str, room) -> Iterator[Page]:
    """One page after the other: the fifth frame that is none ends each."""
    while True:
        with Page(portal, session=session) as page:
            page.enter(room)
            yield page


def attack(portal: LivePortal, session: str, room, seed: int, frames: int) -> None:
    """Send them, and look at every end."""
    dice = random.Random(seed)  # noqa: S311 (a die, not a secret)
    pages = sockets(portal, session, room)
    while frames > 0:
        page, code = next(pages), None
        try:
            for _ in range(12):
                page.socket.send(hostile(dice, str(room)))
                frames -= 1
                page.quiet(0.02)
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
        assert code in (None, *ENDS), f"seed {seed}: {code}"
        assert {frame["op"] for frame in page.heard} <= {*ANSWERS, "beat"}
    pages.close()


def is_well(portal: LivePortal, calm: Page, room, already: int) -> None:
    """Somebody else is served at once, and the log holds names of events only."""
    Allowance.objects.all().delete()
    calm.say(room, f"All is well {uuid4()}")
    calm.until("ok", timeout=2)
    said = portal.said.read_text()[already:]
    assert CANARY not in said
    assert all("event=chat." in line or "event=hints." in line for line in said.splitlines() if line.strip()), said


@pytest.mark.parametrize(
    ("server", "frames"),
    [("daphne", 40), *(pytest.param(server, 600, marks=pytest.mark.slow) for server in ("daphne", "uvicorn"))],
)
def test_whatever_frames_come_each_is_answered_or_ends_it_with_its_code(serving, room, ben, carla, server, frames):
    portal = serving(server)
    already = len(portal.said.read_text())
    with Page(portal, carla) as calm:
        calm.enter(room.public_id)
        seed = 1 if frames < 100 else random.SystemRandom().randrange(10**6)
        attack(portal, portal.sign_in(ben), room.public_id, seed, frames)
        is_well(portal, calm, room.public_id, already)


@pytest.fixture(params=["daphne", pytest.param("uvicorn", marks=pytest.mark.slow)])
def portal(serving, request):
    return serving(request.param)


def masked(frame: Frame) -> bytes:
    """The bytes of a frame, also of one that no client would send."""
    first = (frame.fin << 7) | (frame.rsv1 << 6) | frame.opcode
    size = len(frame.data)
    length = struct.pack("!BB", first, 0x80 | size) if size < 126 else struct.pack("!BBQ", first, 0xFF, size)
    return length + b"\0\0\0\0" + bytes(frame.data)


def pieces(text: str, count: int) -> Iterator[Frame]:
    """One message in many frames."""
    size = -(-len(text) // count)
    parts = [text[start : start + size].encode() for start in range(0, len(text), size)]
    for number, part in enumerate(parts):
        yield Frame(Opcode.CONT if number else Opcode.TEXT, part, fin=number == len(parts) - 1)


@pytest.mark.slow
def test_what_the_server_itself_has_to_bear(portal, room, ben, carla):
    """Broken bytes, fragments, pings and frames of thousands: an end with its code or none at all."""
    already = len(portal.said.read_text())
    session = portal.sign_in(ben)
    beat = json.dumps({"op": "beat", "n": 1, "seen": {}})
    attacks: dict[str, list[Frame]] = {
        "ten thousand pieces of one frame": list(pieces(beat + " " * (10_000 - len(beat)), 10_000)),
        "ten thousand tiny frames": [Frame(Opcode.TEXT, b"{}")] * 10_000,
        "a thousand pings": [Frame(Opcode.PING, b"x" * 100)] * 1_000,
        "pongs nobody asked for": [Frame(Opcode.PONG, b"")] * 1_000,
        "a piece of nothing": [Frame(Opcode.CONT, b"x")],
        "broken letters": [Frame(Opcode.TEXT, b'{"op":"\xc3\x28"}')],
        "half a letter": [Frame(Opcode.TEXT, b"\xe2\x82")],
        "a ping too long": [Frame(Opcode.PING, b"x" * 126)],
        "a megabyte": [Frame(Opcode.TEXT, b"x" * 2**20)],
        "reserved bits": [Frame(Opcode.TEXT, b"{}", rsv1=True)],
        "bytes": [Frame(Opcode.BINARY, b"\x00" * 100)],
    }
    with Page(portal, carla) as calm:
        calm.enter(room.public_id)
        for what, frames in attacks.items():
            with Page(portal, session=session) as page:
                page.enter(room.public_id)
                with suppress(OSError):  # ended while it was being sent
                    for frame in frames:
                        page.socket.socket.sendall(masked(frame))
                code = None
                try:
                    page.quiet(0.5)
                except ConnectionClosed as closed:
                    code = closed.rcvd.code if closed.rcvd else 1006
                assert code in (None, *ENDS, 1006), (what, code)
                assert code != 1006 or len(frames) > 1 or what == "a megabyte", what
            is_well(portal, calm, room.public_id, already)


def test_what_was_sent_before_is_answered_as_before_and_not_done_again(live_portal, room, ben):
    from chat.models import Change

    with Page(live_portal, ben) as page:
        page.enter(room.public_id)
        key = page.say(room.public_id, "Once")
        first = page.until("ok")
        for _ in range(5):
            page.say(room.public_id, "Once", key)
            assert page.until("ok") == first
        page.say(room.public_id, "Twice", key)
        assert page.until("refused")["code"] == "key_reused"
        edit = {"room": room.public_id, "message": first["message"], "key": uuid4(), "body": "Changed"}
        for _ in range(3):
            page.put("edit", **edit)
            page.until("ok")
    assert Change.objects.filter(room=room).count() == 2


@pytest.mark.slow
def test_handshakes_that_never_end_keep_nobody_out(portal, room, ben, carla):
    slow = []
    for number in range(200):
        link = socket.create_connection(("127.0.0.1", portal.port))
        link.sendall(b"GET /ws/ HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"G")
        slow.append(link)
    began = time.monotonic()
    with Page(portal, carla) as calm:
        calm.enter(room.public_id)
        calm.say(room.public_id, "In")
        calm.until("ok", timeout=2)
    assert time.monotonic() - began < 5
    for link in slow:
        link.close()
