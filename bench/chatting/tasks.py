"""What the sockets of a load do: flood, talk steadily, rest, or lose their links and come back."""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bench.chatting.client import Client
from bench.chatting.watch import Watch, tell

if TYPE_CHECKING:
    from bench.chatting.load import Load

UNANSWERED = 15.0  # seconds after which a sender stops waiting for its answer and sends the next one
LAST_ONES = 2.0  # seconds for what was sent last to arrive
FIRST_BACK_OFF, LONGEST_BACK_OFF = 0.5, 30.0  # full jitter, as the browser's part does
COMING_BACK = 60.0  # seconds

Told = dict[str, Any]


async def flood(load: "Load", watch: Watch) -> Told:
    """Everybody always has one message on its way."""
    load.flooding = True
    for client in load.clients:
        asyncio.get_running_loop().call_later(random.random() * min(1.0, load.plan["warm"]), load.next, client)
    unanswered: Counter[str] = Counter()
    tending = asyncio.create_task(_tend(load, unanswered))
    await asyncio.sleep(load.plan["warm"])
    load.sample = 8
    watch.begin()
    await asyncio.sleep(load.plan["seconds"])
    told = watch.end()
    load.flooding = False
    tending.cancel()
    return told | {"unanswered": unanswered.total()}


async def _tend(load: "Load", unanswered: Counter[str]) -> None:
    """A message the server never answers must not silence its sender for good."""
    while True:
        await asyncio.sleep(1)
        late = time.monotonic() - UNANSWERED
        for client in load.clients:
            if client.waiting and client.last_sent < late and client.transport is not None:
                client.waiting.clear()
                unanswered["messages"] += 1
                client.say(time.monotonic())


async def steady(load: "Load", watch: Watch) -> Told:
    """A fixed number of messages a second. A message is late from the moment it was due, whoever made it late."""
    await _talk(load, load.plan["warm"])
    await asyncio.sleep(0.5)
    load.sample = 1
    watch.begin()
    load.since = time.monotonic() - 0.001  # messages carry whole microseconds
    sent = await _talk(load, load.plan["seconds"])
    await asyncio.sleep(LAST_ONES)
    told = watch.end()
    sizes = Counter(client.room for client in load.clients)
    seconds = load.plan["seconds"]
    return told | {
        "expected": sum(sizes[client.room] for client in sent),
        "deliveries": len(load.delays),  # the rest was sent while it warmed up
        "deliveries_per_s": round(len(load.delays) / seconds),
        "messages_per_s": round(len(load.answers) / seconds, 1),
    }


async def _talk(load: "Load", seconds: float) -> list[Client]:
    sent = []
    began, rate = time.monotonic(), load.plan["rate"]
    for turn in range(int(seconds * rate)):
        due = began + turn / rate
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        client = random.choice(load.clients)
        if client.transport is not None:
            client.say(due)
            sent.append(client)
    return sent


async def idle(load: "Load", watch: Watch) -> Told:
    """The sockets stay open until the caller has looked."""
    tell({"ready": sum(client.transport is not None for client in load.clients)})
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    return {}


async def reconnect(load: "Load", watch: Watch) -> Told:
    """Every link is lost at once; each page comes back by itself."""
    await asyncio.sleep(1)
    watch.begin()
    for client in load.clients:
        client.cut()
    cut = time.monotonic()
    times = sorted(await asyncio.gather(*(_come_back(load, client, cut) for client in load.clients)))
    told = watch.end()
    back = [one for one in times if one < COMING_BACK]
    last = round(back[-1], 2) if back else None
    return told | {"back": len(back), "half_back_s": round(times[len(times) // 2], 2), "all_back_s": last}


async def _come_back(load: "Load", client: Client, cut: float) -> float:
    pause = FIRST_BACK_OFF
    while time.monotonic() - cut < COMING_BACK:
        await asyncio.sleep(random.random() * pause)
        if await load.open(client):
            return min(time.monotonic() - cut, COMING_BACK)
        pause = min(pause * 2, LONGEST_BACK_OFF)
    return COMING_BACK


TASKS: dict[str, Callable[["Load", Watch], Awaitable[Told]]] = {
    "flood": flood,
    "steady": steady,
    "idle": idle,
    "reconnect": reconnect,
}
