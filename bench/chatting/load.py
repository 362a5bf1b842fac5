"""The load, in a process of its own: opens sockets, makes them talk, and says what they saw and how late it was itself.

Reads one plan as a line of JSON, does it, and writes one line of JSON. A step "hold" waits for a line in between, so
that the caller can look at the server while the sockets are open. It talks to 127.0.0.1 and nowhere else.
"""

import asyncio
import gc
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bench.chatting.client import Client

HOST = "127.0.0.1"
DOORS = 64  # handshakes at a time while the load sets up
PATIENCE = 60.0  # seconds until a socket that is not live counts as lost
UNANSWERED = 15.0  # seconds after which a sender stops waiting for its answer and sends the next one
LEAST = 0.025  # seconds between two messages of one socket, within what the portal takes from a page
FIRST_BACK_OFF, LONGEST_BACK_OFF = 0.5, 30.0  # full jitter, as the browser's part does
WORDS = "Today was a little easier than last week, and I wanted to say thank you to everybody here."


class Load:
    """All sockets of one measurement."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.kind: str = plan["kind"]
        self.change = b'{"op": "change"' if self.kind == "textbook" else b'{"op":"change"'
        self.run = random.getrandbits(32)
        self.sample = 0
        self.gaps = self.unanswered = 0
        self.delays: list[float] = []
        self.answers: list[float] = []
        self.lags: list[float] = []
        self.notes: Counter[str] = Counter()
        self.flooding = False
        self.clients = [Client(self, number, *one) for number, one in enumerate(plan["sockets"])]

    # What the clients ask

    def greeting(self, client: Client) -> bytes:
        """The first bytes of a link."""
        path = "/ws/" if self.kind == "portal" else f"/ws/{client.room}/"
        origin = f"http://{HOST}:{self.plan['port']}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}:{self.plan['port']}", f"Origin: {origin}"]
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Key: c3VwcG9ydC1ncm91cHMhIQ==", f"Cookie: {self.plan['cookie']}={client.session}"]
        if self.kind == "portal":
            lines.append("Sec-WebSocket-Protocol: portal.v1")
        return "\r\n".join([*lines, "", ""]).encode()

    def opened(self, client: Client) -> None:
        """The server has accepted. The portal's page says hello and is live later; the others are live now."""
        if self.kind == "portal":
            client.put(json.dumps({"op": "hello", "epoch": None, "rooms": {client.room: client.seen}}).encode())
        else:
            client.is_live()

    def message(self, client: Client, key: bytes, microseconds: int) -> bytes:
        """A message as a frame."""
        body = f"at {microseconds:016d} {client.tag.decode()}{key.decode()} {WORDS}"
        fields = {"body": body}
        if self.kind == "portal":
            uuid = f"{self.run:08x}-{client.number:04x}-4000-8000-0000{key.decode()}"
            fields = {"op": "send", "room": client.room, "key": uuid, "body": body}
        return json.dumps(fields).encode()

    def answered(self, client: Client) -> None:
        """In a flood everybody sends the next message as soon as the last one is kept."""
        if self.flooding:
            now = time.monotonic()
            wait = client.last_sent + LEAST - now
            if wait <= 0:
                client.say(now)
            else:
                asyncio.get_running_loop().call_later(wait, self._next, client)

    def gone(self, client: Client) -> None:
        """A link has ended."""
        if client.live is not None and not client.live.done():
            client.live.set_result(False)

    def note(self, what: str) -> None:
        """Something that should not happen, counted."""
        self.notes[what] += 1

    def _next(self, client: Client) -> None:
        if self.flooding:
            client.say(time.monotonic())

    # What is measured

    async def enter(self) -> None:
        """Open every socket and wait until it is live."""
        doors = asyncio.Semaphore(DOORS)

        async def one(client: Client) -> None:
            async with doors:
                if not await self._open(client):
                    self.note("not live at the start")

        await asyncio.gather(*(one(client) for client in self.clients))

    async def _open(self, client: Client) -> bool:
        loop = asyncio.get_running_loop()
        client.live = loop.create_future()
        try:
            await asyncio.wait_for(loop.create_connection(lambda: client, HOST, self.plan["port"]), PATIENCE)
            return await asyncio.wait_for(client.live, PATIENCE)
        except (OSError, TimeoutError):
            client.cut()
            return False

    async def flood(self) -> dict[str, Any]:
        """Everybody always has one message on its way."""
        self.flooding = True
        began = time.monotonic()
        for client in self.clients:
            asyncio.get_running_loop().call_later(random.random() * min(1.0, self.plan["warm"]), self._next, client)
        tending = asyncio.create_task(self._tend())
        await asyncio.sleep(self.plan["warm"])
        self.sample, found = 8, self._start()
        await asyncio.sleep(self.plan["seconds"])
        told = self._stop(found)
        self.flooding = False
        tending.cancel()
        return told | {"took": round(time.monotonic() - began, 1)}

    async def _tend(self) -> None:
        """A message the server never answers must not silence its sender for good."""
        while True:
            await asyncio.sleep(1)
            late = time.monotonic() - UNANSWERED
            for client in self.clients:
                if client.waiting and client.last_sent < late and client.transport is not None:
                    client.waiting.clear()
                    self.unanswered += 1
                    client.say(time.monotonic())

    async def steady(self) -> dict[str, Any]:
        """A fixed number of messages a second. A message is late from the moment it was due, whoever made it late."""
        await self._talk(self.plan["warm"])
        await asyncio.sleep(0.5)
        self.sample, found = 1, self._start()
        sent = await self._talk(self.plan["seconds"])
        await asyncio.sleep(2)  # the last ones arrive
        told = self._stop(found)
        sizes = Counter(client.room for client in self.clients)
        expected = sum(sizes[client.room] for client in sent)
        return told | {"expected": expected, "deliveries_per_s": round(told["deliveries"] / self.plan["seconds"])}

    async def _talk(self, seconds: float) -> list[Client]:
        sent = []
        began, rate = time.monotonic(), self.plan["rate"]
        for turn in range(int(seconds * rate)):
            due = began + turn / rate
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            client = random.choice(self.clients)
            if client.transport is not None:
                client.say(due)
                sent.append(client)
        return sent

    async def idle(self) -> dict[str, Any]:
        """The sockets stay open until the caller has looked."""
        say({"ready": sum(client.transport is not None for client in self.clients)})
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        return {}

    async def reconnect(self) -> dict[str, Any]:
        """Every link is lost at once; each page comes back by itself."""
        await asyncio.sleep(1)
        found = self._start()
        for client in self.clients:
            client.cut()
        cut = time.monotonic()
        times = sorted(await asyncio.gather(*(self._come_back(client, cut) for client in self.clients)))
        told = self._stop(found)
        back = [one for one in times if one < PATIENCE]
        last = round(back[-1], 2) if back else None
        return told | {"back": len(back), "half_back_s": round(times[len(times) // 2], 2), "all_back_s": last}

    async def _come_back(self, client: Client, cut: float) -> float:
        pause = FIRST_BACK_OFF
        while time.monotonic() - cut < PATIENCE:
            await asyncio.sleep(random.random() * pause)
            if await self._open(client):
                return time.monotonic() - cut
            pause = min(pause * 2, LONGEST_BACK_OFF)
        return PATIENCE

    def _start(self) -> tuple[float, float, int]:
        self.delays.clear()
        self.answers.clear()
        self.lags.clear()
        return time.monotonic(), time.process_time(), sum(client.count for client in self.clients)

    def _stop(self, found: tuple[float, float, int]) -> dict[str, Any]:
        began, worked, count = found
        spent = time.monotonic() - began
        deliveries = sum(client.count for client in self.clients) - count
        return {
            "sockets": len(self.clients),
            "still_open": sum(client.transport is not None for client in self.clients),
            "deliveries": deliveries,
            "deliveries_per_s": round(deliveries / spent),
            "messages_per_s": round(len(self.answers) / spent, 1),
            "delivery_ms": quantiles(self.delays),
            "ok_ms": quantiles(self.answers),
            "load_lag_ms": quantiles(self.lags),
            "load_busy": round((time.process_time() - worked) / spent, 2),
        }

    async def watch(self) -> None:
        """How late this process itself comes to its work."""
        while True:
            due = time.monotonic() + 0.01
            await asyncio.sleep(0.01)
            self.lags.append(max(0.0, time.monotonic() - due))


def quantiles(seconds: Sequence[float]) -> dict[str, float] | None:
    """Median, p99 and worst in milliseconds."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    places = {"p50": len(ordered) // 2, "p99": min(len(ordered) - 1, len(ordered) * 99 // 100), "worst": -1}
    return {name: round(ordered[place] * 1000, 2) for name, place in places.items()}


def say(told: dict[str, Any]) -> None:
    """One line to the caller."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


async def work(plan: dict[str, Any]) -> None:
    """Do one plan."""
    load = Load(plan)
    watching = asyncio.create_task(load.watch())
    await load.enter()
    gc.collect()
    gc.freeze()
    gc.disable()
    told = await getattr(load, plan["task"])()
    watching.cancel()
    faults = {"gaps": load.gaps, "unanswered": load.unanswered, "notes": dict(load.notes)}
    say(told | faults)


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(work(json.loads(sys.stdin.readline())))
