"""Whatever a client sends is either a frame of the protocol or refused as malformed; nothing else comes of it."""

import json
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat import protocol
from chat.protocol import Beat, Hello, Malformed, Say, parse

ROOM, KEY = UUID(int=7), UUID(int=8)  # the same in every process: they are part of tests' names


def test_frames_become_values():
    assert parse(json.dumps({"op": "hello", "epoch": None, "rooms": {str(ROOM): 7}})) == Hello(None, {ROOM: 7})
    sent = {"op": "send", "room": str(ROOM), "key": str(KEY), "body": "Hi", "type": "evil", "author": 3}
    assert parse(json.dumps(sent)) == Say(ROOM, KEY, "Hi", None)
    assert parse(json.dumps({"op": "beat", "n": 1, "seen": {}})) == Beat(1, {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '"hello"',
        "{}",
        '{"op": 1}',
        '{"op": "websocket.close"}',
        '{"op": "__class__"}',
        '{"op": "hello"}',
        '{"op": "hello", "rooms": []}',
        '{"op": "hello", "rooms": {"x": 1}}',
        f'{{"op": "hello", "rooms": {{"{ROOM}": true}}}}',
        f'{{"op": "hello", "rooms": {{"{ROOM}": 1.0}}}}',
        f'{{"op": "hello", "rooms": {{"{ROOM}": -1}}}}',
        f'{{"op": "hello", "rooms": {{"{ROOM}": {10**30}}}}}',
        f'{{"op": "read", "room": "{ROOM}", "seq": NaN}}',
        f'{{"op": "read", "room": "{ROOM}", "seq": 1, "seq": 2}}',
        f'{{"op": "read", "room": "{str(ROOM).replace("-", "")}", "seq": 1}}',
        f'{{"op": "send", "room": "{ROOM}", "key": "{KEY}", "body": 3}}',
        f'{{"op": "send", "room": "{ROOM}", "key": "{KEY}", "body": null}}',
        f'{{"op": "send", "room": "{ROOM}", "key": null, "body": "x"}}',
        f'{{"op": "react", "room": "{ROOM}", "message": "{KEY}", "key": "{KEY}", "kind": "hope", "on": 1}}',
        '{"op": "beat", "n": 1, "x": [[[[[1]]]]]}',
        "[" * 30_000,
        '{"op":' * 10_000,
        '{"op": "beat", "n": ' + "9" * 5000 + "}",
    ],
)
def test_anything_else_is_malformed(text):
    with pytest.raises(Malformed):
        parse(text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(str(ROOM)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["room", "key", "body", "seq", "rooms", "n", "seen", "message", "epoch", "on", "reply_to"])


@given(st.sampled_from(sorted(protocol.OPS)) | st.text(max_size=12), st.dictionaries(names, anything, max_size=6))
@example("send", {"room": str(ROOM), "key": str(KEY), "body": "\ud800"})
def test_no_frame_does_anything_else(op, fields):
    try:
        frame = parse(json.dumps({"op": op, **fields}))
    except Malformed:
        return
    assert isinstance(frame, protocol.Frame)


@given(st.text())
def test_no_text_does_anything_else(text):
    with pytest.raises(Malformed):
        parse(text)
