"""The measurements, each on a server of its own: what is asked of the load, and what is read off the server."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.chatting.people import Crowd, gather, heads, talk_for_years
from bench.chatting.servers import LoadProcess, Server, serving

PARTS = ("flood", "steady", "idle", "reconnect", "history")
KINDS = ("portal", "textbook", "bare")
RATE = 100  # messages a second when steady
IDLE = 2_000  # sockets
HISTORY = 1_000_000  # messages
SETTLING = 5.0  # seconds until an idle server has put everything away

Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """What was asked for."""

    kinds: tuple[str, ...]
    servers: tuple[str, ...]
    parts: tuple[str, ...]
    scale: float
    seconds: float
    warm: float
    say: Callable[[str], None]

    def fewer(self, number: int) -> int:
        """A number, scaled."""
        return max(1, round(number * self.scale))


def measure(choice: Choice) -> Iterator[Row]:
    """Everything that was asked for; the kinds stand side by side, so that what the machine does hits them alike."""
    talking = [part for part in ("flood", "steady") if part in choice.parts]
    if talking:
        layouts = [
            gather("large", rooms=choice.fewer(10), size=50),
            gather("small", rooms=choice.fewer(83), size=12),
        ]
        for crowd in layouts:
            yield from _talk(choice, crowd, talking, stored=0)
    if {"idle", "reconnect"} & set(choice.parts):
        crowd = gather("idle", rooms=-(-choice.fewer(IDLE) // 10), size=10)
        yield from _rest(choice, crowd)
    if "history" in choice.parts:
        crowd = gather("history", rooms=choice.fewer(10), size=50)
        stored = choice.fewer(HISTORY)
        kept = tuple(kind for kind in choice.kinds if kind != "bare")
        yield from _talk(choice, crowd, ["flood", "steady"], stored=0, kinds=kept)
        choice.say(f"storing {stored} messages")
        talk_for_years(crowd, stored)
        yield from _talk(choice, crowd, ["flood", "steady"], stored=stored, kinds=kept)


def _talk(
    choice: Choice, crowd: Crowd, tasks: Sequence[str], *, stored: int, kinds: tuple[str, ...] | None = None
) -> Iterator[Row]:
    for server in choice.servers:
        for task in tasks:
            for kind in choice.kinds if kinds is None else kinds:
                name = {"part": task, "crowd": crowd.name, "server": server, "kind": kind, "stored": stored}
                choice.say(" ".join(str(value) for value in name.values()))
                with serving(kind, server) as running:
                    more = {"warm": choice.warm, "seconds": choice.seconds, "rate": RATE}
                    yield name | one(running, crowd, task, **more)


def one(running: Server, crowd: Crowd, task: str, **more: Any) -> Row:
    """One load on a server that runs."""
    with LoadProcess(_plan(running, crowd, task, **more)) as load:
        load.hear()  # the span that counts has begun
        worked, began = running.worked, time.monotonic()
        told = load.hear()
        busy = round((running.worked - worked) / (time.monotonic() - began), 2)
        return told | {"rooms": len(crowd.rooms), "server_busy": busy}


def _rest(choice: Choice, crowd: Crowd) -> Iterator[Row]:
    first = Crowd("first", {room: keys[:1] for room, keys in list(crowd.rooms.items())[:1]})
    for server in choice.servers:
        for kind in choice.kinds:
            name = {"crowd": crowd.name, "server": server, "kind": kind, "stored": 0}
            if "idle" in choice.parts:
                choice.say(f"idle {server} {kind}")
                with serving(kind, server) as running:
                    _look(running, first)  # what the first socket ever costs is the server's, not a socket's
                    yield {"part": "idle"} | name | _look(running, crowd)
            if "reconnect" in choice.parts:
                choice.say(f"reconnect {server} {kind}")
                with serving(kind, server) as running:
                    yield {"part": "reconnect"} | name | one(running, crowd, "reconnect")


def _look(running: Server, crowd: Crowd) -> Row:
    time.sleep(1)
    empty = running.memory
    with LoadProcess(_plan(running, crowd, "idle")) as load:
        ready = load.hear()["ready"]
        time.sleep(SETTLING)
        full = running.memory
        load.tell()
        told = load.hear()
    return told | {
        "sockets": ready,
        "empty_mib": round(empty / 2**20, 1),
        "full_mib": round(full / 2**20, 1),
        "kib_a_socket": round((full - empty) / 1024 / max(1, ready), 1),
    }


def _plan(running: Server, crowd: Crowd, task: str, **more: Any) -> Row:
    stands = heads(crowd)
    sockets = [[str(room), stands[room], session] for room, sessions in crowd.rooms.items() for session in sessions]
    cookie = f"session-{running.port}"
    return {"kind": running.kind, "port": running.port, "cookie": cookie, "task": task, "sockets": sockets, **more}
