"""One open page of one room: what the browser's part does, and a note of all it hears."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.faulting.history import History
from bench.faulting.outbox import Outbox

SOONEST, LATEST = 0.5, 30.0  # seconds between two tries
PATIENCE = 10.0  # for the link to open, and to stay open before it counts as good
FINAL = (1003, 1007, 1008, 1009, 4401, 4403, 4429)  # coming back would not help
CONFIRM = 64

Frame = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a page looks: the site, the room and whose eyes it has."""

    site: str
    cookie: str
    room: str
    person: str
    session: str


class Page:
    """Comes back by itself, shows each change once and in order, asks for what it missed, keeps what it sends."""

    def __init__(self, number: int, place: Place, history: History, dice: random.Random) -> None:
        self.number, self.place, self.dice = number, place, dice
        self.shown = 0
        self.messages: dict[str, list[str]] = {}  # what stands on it: id -> state, words
        self.mine: list[str] = []
        self.port = 0
        self.over = False
        self.reading = asyncio.Event()  # cleared: a reader that does not read
        self.reading.set()
        self.outbox = Outbox(self.put, self.note)
        self._history = history
        self._links = 0
        self._asked = False
        self._unconfirmed = self._tries = 0
        self._beat_every = 15.0
        self._socket: ClientConnection | None = None
        self._out: asyncio.Queue[Frame] = asyncio.Queue()
        self.note("page", room=place.room, person=place.person, session=place.session)

    def note(self, what: str, **fields: Any) -> None:
        """A line of the history."""
        self._history.note(what, page=self.number, **fields)

    @property
    def is_up(self) -> bool:
        return self._socket is not None

    # The line to the server

    async def live(self) -> None:
        """Open, listen, come back, until there is no coming back."""
        while not self.over:
            opened = asyncio.get_running_loop().time()
            code = await self._one_link()
            self.outbox.shut()
            self.over = code in FINAL or self.over
            if asyncio.get_running_loop().time() - opened > PATIENCE:
                self._tries = 0
            most = min(LATEST, SOONEST * 2**self._tries)
            self._tries += 1
            pause = SOONEST + self.dice.random() * (most - SOONEST)
            self.note("down", code=code, pause=0 if self.over else round(pause, 2), over=self.over)
            if not self.over:
                await asyncio.sleep(pause)

    async def _one_link(self) -> int:
        place = self.place
        opening = connect(
            place.site.replace("http", "ws", 1) + "/ws/",
            origin=place.site,  # type: ignore[arg-type]
            subprotocols=["portal.v1"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{place.cookie}={place.session}"},
            compression=None,
            proxy=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            close_timeout=0.2,
        )
        try:
            async with opening as socket:
                self.port = socket.local_address[1]
                self._socket, self._out, self._asked = socket, asyncio.Queue(), False
                self._links += 1
                sending = asyncio.create_task(self._send(socket))
                self.note("link", link=self._links, seen=self.shown)
                self._queue("hello", epoch=None, rooms={place.room: self.shown})
                try:
                    await self._listen(socket)
                finally:
                    self._socket = None
                    sending.cancel()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        except (OSError, TimeoutError, InvalidHandshake, EOFError):
            return 1006
        return 1000

    async def _listen(self, socket: ClientConnection) -> None:
        """Two beats missed mean a dead link."""
        while not self.over:
            await self.reading.wait()
            async with asyncio.timeout(2.2 * self._beat_every):
                frame = json.loads(await socket.recv())
            self._hear(frame)

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            frame = await self._out.get()
            try:
                await socket.send(json.dumps(frame))
            except ConnectionClosed:
                return

    def put(self, op: str, **fields: Any) -> bool:
        """Send a frame about the room, where there is a line."""
        if self._socket is not None:
            self._queue(op, room=self.place.room, **fields)
        return self._socket is not None

    def _queue(self, op: str, **fields: Any) -> None:
        self._out.put_nowait({"op": op, **fields})

    # What is heard

    def _hear(self, frame: Frame) -> None:
        if frame.get("room", self.place.room) == self.place.room and (act := _HEAR.get(frame["op"])) is not None:
            act(self, frame)

    def _welcome(self, frame: Frame) -> None:
        self._beat_every = frame["beat_every"]

    def _change(self, frame: Frame) -> None:
        said = frame.get("message") or {}
        seq, shown = frame["seq"], frame["seq"] == self.shown + 1
        words = {name: said.get(name) for name in ("id", "state", "body")}
        self.note("change", link=self._links, seq=seq, kind=frame["kind"], shown=shown, message=words)
        if shown:
            self.shown, self._asked = seq, False
            if said:
                self.messages[said["id"]] = [said["state"], said.get("body", "")]
            self._unconfirmed += 1
            if self._unconfirmed >= CONFIRM:
                self._confirm(0)
        elif seq > self.shown:
            self._want()

    def _live(self, frame: Frame) -> None:
        self._asked = False
        self._head(frame["head"])
        self.outbox.open()

    def _ok(self, frame: Frame) -> None:
        self.note("ok", key=frame["key"], seq=frame["seq"], message=frame["message"])
        if self.outbox.has(frame["key"]):
            self.mine.append(frame["message"])
        self.outbox.ok(frame["key"])

    def _refused(self, frame: Frame) -> None:
        self.note("refused", key=frame.get("key"), code=frame["code"])
        if self.outbox.has(frame.get("key", "")):
            self.outbox.refused(frame["key"], frame["code"], frame.get("retry_after"))

    def _beat(self, frame: Frame) -> None:
        self._confirm(frame["n"])
        self._head(frame["heads"].get(self.place.room, 0))

    def _closed(self, frame: Frame) -> None:
        self.note("closed", code=frame["code"])
        self.over = True

    def _reset(self, frame: Frame) -> None:
        """A browser would load the page anew. No fault of the plan is as long as that: the checker says so."""
        self.note("reset")
        self.over = True

    def _head(self, seq: int) -> None:
        if seq > self.shown:
            self._want()

    def _want(self) -> None:
        if not self._asked:
            self._asked = True
            self.note("since", seen=self.shown)
            self.put("since", seq=self.shown)

    def _confirm(self, n: int) -> None:
        self._unconfirmed = 0
        self._queue("beat", n=n, seen={self.place.room: self.shown})


_HEAR: dict[str, Callable[[Page, Frame], None]] = {
    "welcome": Page._welcome,
    "change": Page._change,
    "live": Page._live,
    "ok": Page._ok,
    "refused": Page._refused,
    "beat": Page._beat,
    "closed": Page._closed,
    "reset": Page._reset,
}
