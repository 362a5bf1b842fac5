"""Two processes' worth of hubs inside the test, each on a loop and thread of its own, and pages straight on them.

No server stands between: what a page sends is in the hub's hands at once, and what the hub sends is heard at once.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings

from chat import hub as hubs
from chat import marks
from chat.consumer import PROTOCOL, chat_socket
from chat.hub import Hub
from portal import live

Frame = dict[str, Any]
SOON = 5.0  # seconds
OF_THE_ROOM = ("change", "live", "rights", "presence", "typing")  # nothing of these follows "closed"


class Process:
    """A hub on its own loop. `hears_itself` is false for one that hears of the test's own deeds by hints alone."""

    def __init__(self, *, hears_itself: bool) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.hub: Hub = self.do(self._begin())
        self._listens = hears_itself
        if not hears_itself:
            live.silence(self.hub._hear_own)

    async def _begin(self) -> Hub:
        return hubs.here()

    def do(self, work: Any) -> Any:
        """Wait for something on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(SOON)

    def look(self) -> None:
        """What the hub does by itself every two seconds, and at each beat."""
        self.do(self._look())

    def look_around(self) -> None:
        """What the hub does by itself every second: who has come and gone, and who is to hear of it."""
        self.do(self._look_around())

    async def _look_around(self) -> None:
        self.hub.here.look()

    async def _look(self) -> None:
        hub = self.hub
        everybody = [socket for own in hub.people.values() for socket in own]
        await hub._look_after(everybody)
        await marks.look(hub, everybody)
        hub._follow_the_clock()
        await hub._look_at_rooms()

    def end(self) -> None:
        """Stop it, as far as a process can be stopped from inside."""
        if self._listens:
            live.silence(self.hub._hear_own)
        self.do(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def two_processes() -> Iterator[tuple[Process, Process]]:
    """One that makes the test's own deeds, and another."""
    both = Process(hears_itself=True), Process(hears_itself=False)
    try:
        yield both
    finally:
        for process in both:
            process.end()


class InnerPage:
    """A person's page on one hub. It confirms what it is told and knows what stands on it."""

    def __init__(self, process: Process, session: str, room: UUID, *, seen: int = 0) -> None:
        self.process, self.session, self.room = process, session, str(room)
        self.heard: list[Frame] = []
        self.code: int | None = None
        self.is_cut = False
        self.told = self.shown = seen  # the last number heard on this link; the last one shown
        self.messages: dict[str, Frame] = {}
        self.kinds: dict[int, tuple[str, str | None]] = {}
        self.wrong: list[str] = []
        self._changed = threading.Condition()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}".encode()
        headers = [(b"origin", settings.SITE_ORIGIN.encode()), (b"cookie", cookie)]
        scope = {"type": "websocket", "headers": headers, "subprotocols": [PROTOCOL]}
        self._receive({"type": "websocket.connect"})
        self._task = asyncio.run_coroutine_threadsafe(chat_socket(scope, self._inbox.get, self._send), process.loop)
        self.put("hello", epoch=None, rooms={self.room: seen})

    def put(self, op: str, **fields: Any) -> None:
        """Send one frame."""
        if op == "since":
            self.told = fields["seq"]
        self._receive({"type": "websocket.receive", "text": json.dumps({"op": op, **fields}, default=str)})

    def cut(self) -> None:
        """The link is lost."""
        self.is_cut = True
        self._receive({"type": "websocket.disconnect", "code": 1006})
        self._task.result(SOON)

    def answer(self, key: UUID) -> Frame:
        """What came of an operation."""
        self.wait(lambda: self._answers(key), f"No answer; closed with {self.code}")
        return self._answers(key)[-1]

    def _answers(self, key: UUID) -> list[Frame]:
        return [frame for frame in self.heard if frame.get("key") == str(key) and frame["op"] in ("ok", "refused")]

    def wait(self, so: Callable[[], object], otherwise: str = "It does not come.") -> None:
        """Until something is so."""
        with self._changed:
            assert self._changed.wait_for(so, SOON), f"{otherwise} {[frame['op'] for frame in self.heard[-9:]]}"

    @property
    def is_live(self) -> bool:
        return any(frame["op"] == "live" for frame in self.heard)

    @property
    def is_away(self) -> bool:
        """Whether it was told to go, from the room or altogether."""
        return self.code is not None or any(frame["op"] in ("closed", "reset") for frame in self.heard)

    def _receive(self, event: dict[str, Any]) -> None:
        self.process.loop.call_soon_threadsafe(self._inbox.put_nowait, event)

    async def _send(self, event: dict[str, Any]) -> None:
        with self._changed:
            if event["type"] == "websocket.close":
                self.code = event.get("code", 1000)
                self._inbox.put_nowait({"type": "websocket.disconnect", "code": self.code})
            elif (text := event.get("text")) is not None:
                self._hear(json.loads(text))
            self._changed.notify_all()

    def _hear(self, frame: Frame) -> None:
        self.heard.append(frame)
        if self.is_away and frame["op"] in OF_THE_ROOM:
            self.wrong.append(f"{frame['op']} after the end")
        if frame["op"] == "change":
            self._change(frame)
        elif frame["op"] == "beat":
            self.put("beat", n=frame["n"], seen={self.room: self.shown})

    def _change(self, frame: Frame) -> None:
        seq, said = frame["seq"], frame.get("message")
        if seq > self.told + 1:
            self.wrong.append(f"{seq} after {self.told}")
        self.told = max(self.told, seq)
        about = frame["kind"], said["id"] if said else None
        if self.kinds.setdefault(seq, about) != about:
            self.wrong.append(f"{seq} was {self.kinds[seq]} and then {about}")
        if seq == self.shown + 1:
            self.shown = seq
            if said:
                self.messages[said["id"]] = said
