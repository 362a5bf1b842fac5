"""What readers that never read cost everybody else. `bin/bench stalled [--json]`; see docs/performance.md."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Any

import django

from bench.chatting.ground import durable_servers

READERS = 20
STORED = 5_000  # messages in ten rooms
UNREAD = 400  # of its room that a reader asks for
SECONDS, WARM = 12.0, 3.0
FILLING = 3.0  # seconds until what is to be sent to them has been


def main(words: Sequence[str]) -> int:
    """The same steady stream without them and with them, on each server."""
    options = argparse.ArgumentParser(prog="bin/bench stalled")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # whatever was started is put away
    with durable_servers() as ground:
        os.environ |= ground.environ | {"DJANGO_SETTINGS_MODULE": "bench.chatting.settings", "DEMO": "0"}
        django.setup()
        from django.core.management import call_command  # needs the set-up above

        call_command("migrate", verbosity=0)
        call_command("migrate", verbosity=0, run_syncdb=True)
        rows = [_measure(server) for server in ("uvicorn", "daphne")]
    if chosen.json:
        json.dump(rows, sys.stdout, indent=1)
    else:
        for row in rows:
            print(", ".join(f"{name}: {value}" for name, value in row.items()))
    return 0


def _measure(server: str) -> dict[str, Any]:
    from bench.chatting.parts import RATE, one
    from bench.chatting.people import gather, heads, talk_for_years
    from bench.chatting.servers import serving
    from bench.chatting.stalling import stall

    crowd = gather(f"stalled {server}", rooms=10, size=50)
    talk_for_years(crowd, STORED)
    stream = {"warm": WARM, "seconds": SECONDS, "rate": RATE}
    rooms = [(room, sessions[0]) for room, sessions in crowd.rooms.items()] * (READERS // len(crowd.rooms))
    with ExitStack() as held, serving("portal", server) as running:
        one(running, crowd, "steady", **stream)  # what a server needs once
        without = one(running, crowd, "steady", **stream)
        before = running.memory
        stands = heads(crowd)
        for room, session in rooms:
            cookie = f"session-{running.port}={session}"
            link = stall(
                running.port, f"http://127.0.0.1:{running.port}", cookie, str(room), seen=stands[room] - UNREAD
            )
            held.enter_context(closing(link))
        time.sleep(FILLING)
        grown = running.memory - before
        beside = one(running, crowd, "steady", **stream)
    return {
        "server": server,
        "readers": len(rooms),
        "delivery_ms": without["delivery_ms"],
        "beside_them_ms": beside["delivery_ms"],
        "kib_a_reader": round(grown / 1024 / len(rooms)),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
