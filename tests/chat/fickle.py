"""A channel layer that cannot be relied on: hints get lost, come twice, or wait and come late and in any order."""

import asyncio
import random
from typing import Any
from uuid import uuid4

from channels.layers import BaseChannelLayer


class FickleLayer(BaseChannelLayer):
    """Works across the event loops of one process. `mood` says what becomes of the next hints."""

    extensions = ["groups"]

    def __init__(self, **_: Any) -> None:
        super().__init__()
        self.mood = "kind"
        self.held: list[tuple[str, dict[str, Any]]] = []
        self._queues: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Queue[dict[str, Any]]]] = {}
        self._groups: dict[str, set[str]] = {}

    async def new_channel(self, prefix: str = "fickle") -> str:
        name = f"{prefix}.{uuid4().hex}"
        self._queues[name] = asyncio.get_running_loop(), asyncio.Queue()
        return name

    async def group_add(self, group: str, channel: str) -> None:
        self._groups.setdefault(group, set()).add(channel)

    async def receive(self, channel: str) -> dict[str, Any]:
        return await self._queues[channel][1].get()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        match self.mood:
            case "lose":
                pass
            case "hold":
                self.held.append((group, message))
            case "double":
                self._deliver(group, message)
                self._deliver(group, message)
            case _:
                self._deliver(group, message)

    def let_go(self, dice: random.Random) -> None:
        """What was held comes now, in any order, some of it twice."""
        late, self.held = [*self.held, *self.held[::2]], []
        dice.shuffle(late)
        for group, message in late:
            self._deliver(group, message)

    async def flush(self) -> None:
        """Nothing is kept."""

    def _deliver(self, group: str, message: dict[str, Any]) -> None:
        for channel in list(self._groups.get(group, ())):
            loop, queue = self._queues[channel]
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, message)
