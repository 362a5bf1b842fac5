"""Messages on their way, as the browser's outbox.js has them: one after the other, each with its first key."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

PATIENCE = 10.0  # seconds without an answer before the same is sent again
PASSING = ("try_again", "too_many", "session_over")


@dataclass
class Entry:
    """A message nobody has answered for good."""

    key: str
    body: str


class Outbox:
    """`put` sends a frame; `note` writes the history."""

    def __init__(self, put: Callable[..., bool], note: Callable[..., None]) -> None:
        self.put, self.note = put, note
        self.entries: list[Entry] = []
        self.is_open = False
        self._on_the_way: str | None = None
        self._timer: asyncio.TimerHandle | None = None

    def add(self, body: str) -> None:
        """Somebody pressed "Send"."""
        entry = Entry(str(uuid4()), body)
        self.entries.append(entry)
        self.note("invoke", op="send", key=entry.key, body=body)
        self._next()

    def open(self) -> None:
        """The room is live: what had no answer goes again."""
        self.is_open, self._on_the_way = True, None
        self._next()

    def shut(self) -> None:
        """No line."""
        self.is_open = False
        self._stop_timer()

    def has(self, key: str) -> bool:
        """Whether this is a message that waits here."""
        return any(entry.key == key for entry in self.entries)

    def ok(self, key: str) -> None:
        """The server has kept it."""
        self.entries = [entry for entry in self.entries if entry.key != key]
        self._go_on(key)

    def refused(self, key: str, code: str, wait: float | None) -> None:
        """Some refusals pass; others end it."""
        if code in PASSING:
            self._later(wait if wait is not None else 2.0)
        else:
            self.ok(key)

    def _next(self) -> None:
        if not self.is_open or self._on_the_way or not self.entries:
            return
        entry = self.entries[0]
        self._on_the_way = entry.key
        self.note("put", key=entry.key)
        self.put("send", key=entry.key, body=entry.body, reply_to=None)
        self._later(PATIENCE)

    def _go_on(self, key: str) -> None:
        if self._on_the_way == key:
            self._stop_timer()
            self._on_the_way = None
            self._next()

    def _later(self, wait: float) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(wait, self._again)

    def _again(self) -> None:
        self._on_the_way = None
        self._next()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
