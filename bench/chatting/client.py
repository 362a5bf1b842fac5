"""A websocket client so thin that one process has two thousand: an asyncio protocol that reads frames in place.

It masks with zeros: the load goes to this machine alone, and a mask protects proxies, of which there is none.
"""

import asyncio
import struct
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.chatting.load import Load

OK, LIVE, BEAT = b'{"op":"ok"', b'{"op":"live"', b'{"op":"beat"'
REFUSED, RESET = b'{"op":"refused"', b'{"op":"reset"'
CONFIRM = 64  # changes after which a page confirms, as the browser's part does
MARK = b'"at '  # every body begins so; then sixteen digits: microseconds of this process's clock
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Client(asyncio.Protocol):
    """One socket of one person in one room."""

    def __init__(self, load: "Load", number: int, room: str, seen: int, session: str) -> None:
        self.load, self.number, self.room, self.seen, self.session = load, number, room, seen, session
        self.tag = b"from %06d " % number
        self.transport: asyncio.Transport | None = None
        self.live: asyncio.Future[bool] | None = None
        self.open = False
        self.rest = b""
        self.count = self.unconfirmed = 0
        self.waiting: dict[bytes, float] = {}
        self.sent = 0
        self.last_sent = 0.0

    # The link

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.open, self.rest = transport, False, b""
        self.unconfirmed = 0
        self.waiting.clear()
        transport.write(self.load.greeting(self))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport, self.open = None, False
        self.load.gone(self)

    def put(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send one frame."""
        size = len(payload)
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        if self.transport is not None:
            self.transport.write(head + b"\0\0\0\0" + payload)

    # What comes in

    def data_received(self, data: bytes) -> None:
        if self.rest:
            data = self.rest + data
        if not self.open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.rest = head
                return
            if b" 101 " not in head[:40]:
                self.load.note(f"answered {head[:40]!r}")
                self._abort()
                return
            self.open = True
            self.load.opened(self)
        position, end, change = 0, len(data), self.load.change
        while end - position >= 2:
            size, start = data[position + 1], position + 2
            if size == 126:
                start += 2
                size = int.from_bytes(data[position + 2 : start], "big")
            elif size == 127:
                start += 8
                size = int.from_bytes(data[position + 2 : start], "big")
            if start + size > end:
                break
            if data.startswith(change, start):
                self._changed(data, start, start + size)
            else:
                self._other(data[position] & 15, data[start : start + size])
            position = start + size
        self.rest = data[position:]

    def _changed(self, data: bytes, start: int, end: int) -> None:
        """A delivery. Most are only counted: the load has to keep up with the server."""
        self.count += 1
        load = self.load
        if load.sample and self.count % load.sample == 0:
            place = data.find(MARK, start, end) + len(MARK)
            if place >= len(MARK):
                due = int(data[place : place + 16]) / 1e6
                if due >= load.since:
                    load.delays.append(time.monotonic() - due)
        if load.kind == "portal":
            self.unconfirmed += 1
            if self.unconfirmed >= CONFIRM:
                self._confirm(data, start)
        elif data.find(self.tag, start, end) >= 0:
            self._answered(data[(place := data.find(self.tag, start, end) + len(self.tag)) : place + 8])

    def _confirm(self, data: bytes, start: int) -> None:
        place = data.find(b'"seq":', start) + 6
        seq = int(data[place : data.find(b",", place)])
        if seq != self.seen + self.unconfirmed:
            self.load.gaps += 1
        self.seen, self.unconfirmed = seq, 0
        self.put(b'{"op":"beat","n":0,"seen":{"%s":%d}}' % (self.room.encode(), seq))

    def _answered(self, key: bytes) -> None:
        began = self.waiting.pop(key, None)
        if began is not None:
            if began >= self.load.since:
                self.load.answers.append(time.monotonic() - began)
            self.load.answered(self)

    def _other(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT and payload.startswith(OK):
            place = payload.find(b'"key":"') + 35  # the last eight of the key's digits
            self._answered(payload[place : place + 8])
        elif opcode == TEXT and payload.startswith(LIVE):
            self.is_live()
        elif opcode == TEXT and payload.startswith(BEAT):
            # What was shown since the last confirmation is confirmed with the next sixty-four.
            self.put(b'{"op":"beat","n":0,"seen":{}}')
        elif opcode == TEXT and payload.startswith(REFUSED):
            self.load.note(f"refused: {payload[:120].decode()}")
        elif opcode == TEXT and payload.startswith(RESET):
            self.load.note("a gap too long for a replay")
        elif opcode == PING:
            self.put(payload, PONG)
        elif opcode == CLOSE:
            self.load.note(f"closed with {int.from_bytes(payload[:2], 'big')}")
            self._abort()

    def is_live(self) -> None:
        """Everything up to the head has been told."""
        if self.live is not None and not self.live.done():
            self.live.set_result(True)

    def say(self, intended: float) -> None:
        """Send a message that carries the moment it was meant to leave."""
        self.sent += 1
        self.last_sent = intended
        key = b"%08x" % (self.sent % 0xFFFFFFFF)
        self.waiting[key] = intended
        self.put(self.load.message(self, key, int(intended * 1e6)))

    def cut(self) -> None:
        """Lose the link without a word."""
        self._abort()

    def _abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()
