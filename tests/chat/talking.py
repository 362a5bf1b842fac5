"""A person's page, as far as the server can tell: raw frames over a real socket."""

import json
import time
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from portal.accounts.models import User
from tests.serving import LivePortal

Frame = dict[str, Any]


class Page:
    """Opens a socket, sends frames, keeps what it hears. Confirms what it is told unless it is `deaf`."""

    def __init__(self, portal: LivePortal, user: User | None = None, *, deaf: bool = False, **more: Any) -> None:
        self.session = more.pop("session", None) or (portal.sign_in(user) if user else None)
        headers = {"Cookie": portal.cookie(self.session)} if self.session else {}
        headers |= more.pop("headers", {})
        more = {"origin": portal.site, "subprotocols": ["portal.v1"], **more}
        self._open = partial(
            connect, portal.socket_url, additional_headers=headers, compression=None, proxy=None, **more
        )
        self.socket: ClientConnection = self._open()
        self.deaf = deaf
        self.seen: dict[str, int] = {}
        self.heard: list[Frame] = []

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def put(self, op: str, **fields: Any) -> None:
        """Send one frame."""
        self.socket.send(json.dumps({"op": op, **fields}, default=str))

    def get(self, timeout: float = 5) -> Frame:
        """The next frame; beats are answered and passed over."""
        end = time.monotonic() + timeout
        while True:
            frame = json.loads(self.socket.recv(timeout=max(0.001, end - time.monotonic())))
            self.heard.append(frame)
            if frame["op"] == "change":
                self.seen[frame["room"]] = frame["seq"]
            if frame["op"] != "beat":
                return frame
            if not self.deaf:
                self.put("beat", n=frame["n"], seen=self.seen)

    def until(self, op: str, timeout: float = 5, **fields: Any) -> Frame:
        """The next frame of this op with these fields; what comes before is kept in `heard`."""
        end = time.monotonic() + timeout
        while True:
            frame = self.get(max(0.001, end - time.monotonic()))
            if frame["op"] == op and all(frame.get(name) == value for name, value in fields.items()):
                return frame

    def quiet(self, seconds: float) -> list[Frame]:
        """What is heard in the next seconds."""
        heard, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                heard.append(self.get(left))
            except TimeoutError:
                break
        return heard

    def enter(self, room: UUID, seen: int = 0) -> Frame:
        """Say hello and catch up. Told that the server is not ready (1012), a page comes back, as a browser does."""
        for _ in range(3):
            try:
                self.put("hello", epoch=None, rooms={str(room): seen})
                welcome = self.until("welcome")
                self.until("live")
            except ConnectionClosed as closed:
                if closed.rcvd is None or closed.rcvd.code != 1012:
                    raise
                self.socket = self._open()
            else:
                return welcome
        raise AssertionError("The server sends the page away again and again.")

    def say(self, room: UUID, body: str, key: UUID | None = None, **more: Any) -> UUID:
        """Send a message without waiting for its answer."""
        key = key or uuid4()
        self.put("send", room=room, key=key, body=body, **more)
        return key

    def closed(self, timeout: float = 5) -> int:
        """The code the server closes with."""
        end = time.monotonic() + timeout
        try:
            while True:
                self.get(max(0.001, end - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    @property
    def changes(self) -> list[Frame]:
        """The changes heard so far."""
        return [frame for frame in self.heard if frame["op"] == "change"]
