"""Frames are made once and written to the links themselves: on both servers, for any reader of the protocol."""

import os
import socket
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection, connect

from chat.wire import straight, text_frame
from portal.env import read
from portal.supervising.web import open_door, start_web

SIZES = [0, 1, 125, 126, 65_535, 65_536, 70_000]


@given(st.text())
@example("å" * 63)
def test_a_frame_is_written_as_the_library_writes_it(text):
    assert text_frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_of_any_length_is(size):
    assert text_frame("x" * size) == Frame(Opcode.TEXT, b"x" * size).serialize(mask=False)


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def link(request: pytest.FixtureRequest) -> Iterator[ClientConnection]:
    """A socket to a server started as the portal's are, with an application that knows the straight way alone."""
    env = read({"ASGI_SERVER": request.param, "DEMO": "0"})
    with socket.socket() as door:
        open_door(door, ("127.0.0.1", 0))
        server = start_web(env, door, dict(os.environ), application="tests.chat.wired:application")
        try:
            with connect(f"ws://127.0.0.1:{door.getsockname()[1]}/ws/", compression=None, open_timeout=30) as opened:
                yield opened
        finally:
            server.terminate()
            server.wait(20)


def test_there_is_a_straight_way_on_both_servers(link):
    link.send("1 Hello – å")

    assert link.recv(10) == "Hello – å"


@pytest.mark.parametrize("size", SIZES[1:-2])
def test_several_frames_travel_in_one_piece(link, size):
    link.send(f"3 {'x' * size}"[:65_000])

    heard = [link.recv(10) for _ in range(3)]

    assert heard == [("x" * size)[: 65_000 - 2]] * 3


def test_there_is_none_on_a_server_nobody_knows():
    async def send(event: dict[str, object]) -> None:
        """Some server's way to take an event."""

    assert straight(send) is None
