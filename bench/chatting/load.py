"""The load, in a process of its own: opens sockets, makes them talk, and says what they saw and how late it was itself.

Reads one plan as a line of JSON, does it, and answers with lines of JSON: that the span that counts has begun, then
what was seen. When the sockets only rest it says so and waits for a line, so that the caller can look at the server
meanwhile. It talks to 127.0.0.1 and nowhere else.
"""

import asyncio
import gc
import json
import random
import resource
import sys
import time
from collections import Counter
from typing import Any

from bench.chatting.client import Client
from bench.chatting.tasks import TASKS
from bench.chatting.watch import Watch, tell

HOST = "127.0.0.1"
DOORS = 64  # handshakes at a time while the load sets up
PATIENCE = 60.0  # seconds until a socket that is not live counts as lost
LEAST = 0.025  # seconds between two messages of one socket, within what the portal takes from a page
WORDS = "Today was a little easier than last week, and I wanted to say thank you to everybody here."


class Load:
    """All sockets of one measurement."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.kind: str = plan["kind"]
        self.change = b'{"op": "change"' if self.kind == "textbook" else b'{"op":"change"'
        self.run = random.getrandbits(32)
        self.sample = 0
        self.gaps = 0
        self.since = 0.0  # what was due before does not count
        self.delays: list[float] = []
        self.answers: list[float] = []
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
                asyncio.get_running_loop().call_later(wait, self.next, client)

    def gone(self, client: Client) -> None:
        """A link has ended."""
        if client.live is not None and not client.live.done():
            client.live.set_result(False)

    def note(self, what: str) -> None:
        """Something that should not happen, counted."""
        self.notes[what] += 1

    def next(self, client: Client) -> None:
        """One more message, while the flood lasts."""
        if self.flooding:
            client.say(time.monotonic())

    # How its sockets come in

    async def enter(self) -> None:
        """Open every socket and wait until it is live."""
        doors = asyncio.Semaphore(DOORS)

        async def one(client: Client) -> None:
            async with doors:
                if not await self.open(client):
                    self.note("not live at the start")

        await asyncio.gather(*(one(client) for client in self.clients))

    async def open(self, client: Client) -> bool:
        """Open one socket. Whether it is live in time."""
        loop = asyncio.get_running_loop()
        client.live = loop.create_future()
        try:
            await asyncio.wait_for(loop.create_connection(lambda: client, HOST, self.plan["port"]), PATIENCE)
            return await asyncio.wait_for(client.live, PATIENCE)
        except (OSError, TimeoutError):
            client.cut()
            return False


async def work(plan: dict[str, Any]) -> None:
    """Do one plan."""
    load = Load(plan)
    with Watch(load) as watch:
        await load.enter()
        gc.collect()
        gc.freeze()
        gc.disable()
        told = await TASKS[plan["task"]](load, watch)
    tell(told | {"gaps": load.gaps, "notes": dict(load.notes)})


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(work(json.loads(sys.stdin.readline())))
