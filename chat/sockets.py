"""One open socket: what is on its way to it, and what it has confirmed.

A reader that does not read or does not confirm costs its own queue and nothing else: past the limits it is closed
with 4408 and comes back by itself for what it missed.
"""

import asyncio
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from itertools import count
from typing import TYPE_CHECKING, Any

from django.conf import settings

from chat.closing import closing, cut
from chat.frames import Frame, encode
from chat.standing import Identity
from chat.wire import straight

if TYPE_CHECKING:
    from chat.seats import Seat

TOO_SLOW, BROKEN_RULES, RESTART = 4408, 1008, 1012
UNCONFIRMED, UNCONFIRMED_BYTES = settings.CHAT["UNCONFIRMED"], settings.CHAT["UNCONFIRMED_BYTES"]
ANSWERS = 2_000  # frames besides changes that may go out between two receipts
PATIENCE = 10.0  # seconds a closing socket may take to read what is left

_numbers = count()


class Socket:
    """Frames go out in order and at once; while the transport is full they wait here, up to a limit."""

    __slots__ = (
        "_driver",
        "_queue",
        "_send",
        "_write",
        "answers",
        "beat",
        "closing",
        "heard_at",
        "marks",
        "number",
        "over_at",
        "owed_bytes",
        "owed_changes",
        "seats",
        "sent_off",
        "who",
    )

    def __init__(
        self, send: Callable[[dict[str, Any]], Coroutine[Any, Any, None]], who: Identity, *, now: float
    ) -> None:
        self._send = send
        self._write = straight(send)
        self._queue: deque[dict[str, Any]] = deque()
        self._driver: asyncio.Task[None] | None = None
        self.who = who
        self.number = next(_numbers)
        self.seats: dict[str, Seat] = {}
        self.sent_off: dict[str, int] = {}  # rooms it was told to leave, and as of which membership version
        self.marks: dict[str, int] = {}  # how far the page knows its person to have read each room
        self.owed_changes = self.owed_bytes = self.answers = 0
        self.beat = 0
        self.heard_at = now
        self.over_at = who.over_at  # its session is looked at again then, and at each beat
        self.closing = False

    def put(self, op: str, **fields: Any) -> None:
        """Send a frame that is no change."""
        self.answers += 1
        if self.answers > ANSWERS:
            self.close(TOO_SLOW)
        else:
            self.put_frames(encode(op, **fields))

    def put_frames(self, *frames: Frame) -> None:
        """Send frames made before, in one piece where the link takes them."""
        if self.closing:
            return
        if self._driver is None and self._write is not None and self._write(b"".join([one.wire for one in frames])):
            return
        for frame in frames:
            self._put(frame)

    def _put(self, event: dict[str, Any]) -> None:
        if self._driver is not None:
            self._queue.append(event)
        elif not self.closing:
            self._pass_on(event)

    def may_owe(self, size: int) -> bool:
        """Whether one more change of this size stays within what may be unconfirmed."""
        return self.owed_changes < UNCONFIRMED and self.owed_bytes + size <= UNCONFIRMED_BYTES

    def close(self, code: int) -> None:
        """Say goodbye; nothing else goes out after. What still waits is dropped: it can be asked for again."""
        if self.closing:
            return
        self._queue.clear()
        if (close := closing(self._send, code)) is not None:
            close()
        else:
            self._put({"type": "websocket.close", "code": code})
        self.closing = True
        asyncio.get_running_loop().call_later(PATIENCE, cut, self._send)

    def _pass_on(self, event: dict[str, Any]) -> None:
        """Hand the event to the server without a task of its own: most of the time it takes it at once."""
        sending = self._send(event)
        try:
            waiting = sending.send(None)
        except StopIteration:
            return
        except Exception:  # the link is gone: the receiving side hears of it and tidies up
            self._lost()
        else:
            self._driver = asyncio.get_running_loop().create_task(self._drive(sending, waiting))

    async def _drive(self, sending: Coroutine[Any, Any, None], waiting: object) -> None:
        """The transport is full: wait for it, then send what has gathered meanwhile."""
        try:
            await _rest(sending, waiting)
            while self._queue:
                event = self._queue.popleft()
                await self._send(event)
        except Exception:
            self._lost()
        finally:
            self._driver = None

    def _lost(self) -> None:
        self.closing = True
        self._queue.clear()


@types.coroutine
def _rest(sending: Coroutine[Any, Any, None], waiting: object) -> Generator[Any, Any, None]:
    """What is left of a coroutine that was begun outside of a task and now waits for something."""
    while True:
        try:
            value = yield waiting
        except BaseException as fault:
            try:
                waiting = sending.throw(fault)
            except StopIteration:
                return
        else:
            try:
                waiting = sending.send(value)
            except StopIteration:
                return
