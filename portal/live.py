"""Hints to the live sockets: sent after commit, never with text, and free to get lost. PostgreSQL is the truth.

One background thread per process owns the only sender on the channel layer. A request thread hands its hint over and
goes on, so a slow or dead Valkey never delays or fails a write, and no call opens a connection of its own.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.db import transaction

HINTS = "hints"  # the one group on the channel layer; every hub listens to it
PATIENCE = 0.25  # seconds a publish may take before the hint is given up

Hint = dict[str, Any]
log = structlog.get_logger()
_listeners: list[Callable[[str, Hint], None]] = []


def publish(topic: str, hint: Hint) -> None:
    """Send a hint when the transaction commits, to this process at once and to the others through Valkey.

    Topics are `room.<id>`, `group.<id>` or `person.<id>`. A hint holds ids and numbers only.
    """
    transaction.on_commit(lambda: _announce(topic, hint))


def listen(listener: Callable[[str, Hint], None]) -> None:
    """Hear this process's own hints directly. Called from any thread, right after commit; must not block or raise."""
    _listeners.append(listener)


def silence(listener: Callable[[str, Hint], None]) -> None:
    """Stop what `listen` began."""
    _listeners.remove(listener)


def send_now(topic: str, hint: Hint) -> None:
    """Pass a hint of something already committed to the other processes (the chat writer's way)."""
    _sender.send(topic, hint)


def _announce(topic: str, hint: Hint) -> None:
    for listener in list(_listeners):
        listener(topic, hint)
    _sender.send(topic, hint)


class _Sender:
    """The thread and event loop that talk to the channel layer."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._failing = False

    def send(self, topic: str, hint: Hint) -> None:
        asyncio.run_coroutine_threadsafe(self._deliver(topic, hint), self._running_loop())

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="hints", daemon=True).start()
            return self._loop

    async def _deliver(self, topic: str, hint: Hint) -> None:
        try:
            message = {"type": "hint", "topic": topic, "hint": hint}
            await asyncio.wait_for(get_channel_layer().group_send(HINTS, message), PATIENCE)
        except Exception as error:  # any fault of the layer: the hubs' own polling heals what this hint would have told
            if not self._failing:
                log.warning("hints.failing", error=type(error).__name__)
            self._failing = True
        else:
            if self._failing:
                log.info("hints.working")
            self._failing = False


_sender = _Sender()
