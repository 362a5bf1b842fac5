"""Where the chat's database work runs: a few threads of its own, never the one that pages or the event loop need.

Each job borrows a connection from the process's pool and gives it back, so connections stay within the pool's size.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from django.db import connection

THREADS = 6  # two commits, two rooms that keep others waiting, two that read; the pool has room for pages besides

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Result = TypeVar("Result")
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="chat")


def run(work: Callable[..., Result], *values: Any) -> "asyncio.Future[Result]":
    """Do database work on the chat's own threads."""
    return asyncio.get_running_loop().run_in_executor(_pool, _with_connection, work, values)


def _with_connection(work: Callable[..., Result], values: tuple[Any, ...]) -> Result:
    try:
        return work(*values)
    finally:
        connection.close()


class Together(Generic[Ask, Answer]):
    """Does in one round all that was asked while the last round ran. Idle, it does at once what is asked."""

    def __init__(self, work: Callable[[Sequence[Ask]], Sequence[Answer]], *, most: int = 500) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[Ask, asyncio.Future[Answer]]] = []
        self._running = False

    def ask(self, one: Ask) -> "asyncio.Future[Answer]":
        """The answer, in time. A fault of the round is everybody's."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        if not self._running:
            self._start()
        return future

    def _start(self) -> None:
        round_, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        self._running = True
        work = run(self._work, [one for one, _ in round_])
        work.add_done_callback(lambda done: self._finish(round_, done))

    def _finish(self, round_: list[tuple[Ask, "asyncio.Future[Answer]"]], done: "asyncio.Future[Any]") -> None:
        self._running = False
        if self._waiting:
            self._start()
        fault = None if done.cancelled() else done.exception()
        for place, (_, future) in enumerate(round_):
            if future.done():  # who asked has gone
                continue
            if done.cancelled():
                future.cancel()
            elif fault is not None:
                future.set_exception(fault)
            else:
                future.set_result(done.result()[place])
