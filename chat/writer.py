"""The process’s writer: it commits together what arrived while its commits ran. No timer, no waiting when idle.

Each send keeps its own checks, its own answer and its place behind what was said in its room before. A room locked by
somebody else for long is taken out of the others' way and waits on its own; a message the database chokes on is
refused alone.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from chat.drafts import Outcome, Send, Settled
from chat.refusals import NotKept, TryAgain
from chat.rows import HeldRoom
from chat.sending import settle
from chat.threads import run

MOST = 256  # sends in one commit
PATIENCE = "50ms"  # for all rooms together; then the locked ones are left out
AT_ONCE = 2  # commits of many rooms, each of rooms of its own: one is prepared while the database does the other
LONE_ROOMS = 2  # that may wait for their locks at a time
RETRY_AFTER = 2.0  # seconds

log = structlog.get_logger()


@dataclass(slots=True)
class Waiting:
    """A send and who wants to hear of it."""

    send: Send
    answer: Callable[[Outcome], None]


class Writer:
    """One per process, on its event loop. `committed` hears of every room that has new steps, in their order."""

    def __init__(self, committed: Callable[[list[HeldRoom]], None]) -> None:
        self._committed = committed
        self._rooms: dict[UUID, deque[Waiting]] = {}  # rooms with sends that wait, oldest room first
        self._apart: set[UUID] = set()  # rooms that wait for their lock on their own
        self._being_written: set[UUID] = set()  # rooms of the commits that run
        self._to_be_apart: deque[UUID] = deque()
        self._lone = 0
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, send: Send, answer: Callable[[Outcome], None]) -> None:
        """Write a message soon; `answer` is called once its transaction has ended, one way or the other."""
        self._rooms.setdefault(send.room, deque()).append(Waiting(send, answer))
        self._go_on()

    def _go_on(self) -> None:
        while self._to_be_apart and self._lone < LONE_ROOMS:
            self._lone += 1
            self._start(self._write_apart(self._to_be_apart.popleft()))
        while self._running < AT_ONCE and (batch := self._take(MOST)):
            self._running += 1
            rooms = {waiting.send.room for waiting in batch}
            self._being_written |= rooms  # at once: what is sent to them now waits for the next commit
            self._start(self._write_together(batch, rooms))

    def _start(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_together(self, batch: list[Waiting], rooms: set[UUID]) -> None:
        settled = await self._write(batch, lone=False)
        busy = [waiting for waiting, outcome in zip(batch, settled.outcomes, strict=True) if outcome is None]
        for waiting in reversed(busy):
            self._rooms.setdefault(waiting.send.room, deque()).appendleft(waiting)
        for room in {waiting.send.room: None for waiting in busy}:
            self._apart.add(room)
            self._to_be_apart.append(room)
        self._being_written.difference_update(rooms)
        self._running -= 1
        self._go_on()  # the next commit runs while this one is told
        self._tell(batch, settled)

    async def _write_apart(self, room: UUID) -> None:
        batch = self._take_from(room, MOST)
        settled = await self._write(batch, lone=True)
        self._apart.discard(room)
        self._lone -= 1
        self._go_on()
        self._tell(batch, settled)

    def _take(self, most: int) -> list[Waiting]:
        batch: list[Waiting] = []
        for room in [room for room in self._rooms if room not in self._apart and room not in self._being_written]:
            batch += self._take_from(room, most - len(batch))
            if len(batch) >= most:
                break
        return batch

    def _take_from(self, room: UUID, most: int) -> list[Waiting]:
        queue = self._rooms.pop(room)
        taken = [queue.popleft() for _ in range(min(most, len(queue)))]
        if queue:
            self._rooms[room] = queue  # at the end: the others come first next time
        return taken

    async def _write(self, batch: list[Waiting], *, lone: bool) -> Settled:
        try:
            return await run(write, [waiting.send for waiting in batch], lone)
        except Exception as fault:  # anything at all: the sockets must get an answer and the writer must live on
            log.warning("chat.write_failed", error=type(fault).__name__, sends=len(batch))
            return Settled([TryAgain(retry_after=RETRY_AFTER) for _ in batch], [])

    def _tell(self, batch: list[Waiting], settled: Settled) -> None:
        """Each hears its own outcome, and everybody the new steps; nothing comes between, so rooms stay in order."""
        for waiting, outcome in zip(batch, settled.outcomes, strict=True):
            if outcome is not None:
                waiting.answer(outcome)
        if settled.rooms:
            self._committed(settled.rooms)


def write(sends: Sequence[Send], lone: bool) -> Settled:
    """Commit the sends; runs on a thread. A room of its own waits as long as the connection lets it wait."""
    try:
        try:
            return _commit(sends, patience=None if lone else PATIENCE)
        except OperationalError as fault:
            if lone or not _is_locked(fault):
                raise
            return _commit(sends, skip_busy=True)
    except (OperationalError, InterfaceError) as fault:
        log.warning("chat.database_away", error=type(fault.__cause__ or fault).__name__, sends=len(sends))
        return Settled([TryAgain(retry_after=RETRY_AFTER) for _ in sends], [])
    except Exception as fault:  # one of them cannot be stored; its neighbours must not suffer
        return _one_by_one(sends, fault)


def _commit(sends: Sequence[Send], *, patience: str | None = None, skip_busy: bool = False) -> Settled:
    with transaction.atomic(durable=True):
        if patience is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
        return settle(sends, at=timezone.now(), skip_busy=skip_busy)


def _is_locked(fault: OperationalError) -> bool:
    return getattr(fault.__cause__, "sqlstate", None) == "55P03"


def _one_by_one(sends: Sequence[Send], fault: Exception) -> Settled:
    """Alone, each shows whether it is the one. The log gets the fault's kind only: its words may hold the message's."""
    if len(sends) == 1:
        log.error("chat.send_not_kept", error=type(fault.__cause__ or fault).__name__)
        return Settled([NotKept()], [])
    alone = [write([send], True) for send in sends]
    rooms = [room for settled in alone for room in settled.rooms]
    return Settled([settled.outcomes[0] for settled in alone], rooms)
