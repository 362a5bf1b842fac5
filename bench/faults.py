"""Faults on purpose: two web servers, PostgreSQL and Valkey are killed, frozen and cut while people talk.

`bin/bench faults --seed 7 --minutes 3 [--server daphne] [--json]`; see docs/performance.md. The same seed gives the
same plan of faults. The exit code is 1 when a promise of the chat protocol was broken.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

from bench.chatting.ground import durable_servers

LONGEST = 60.0  # minutes
SECOND_TABS = 8
TOLD = 12  # broken promises printed; all are counted


def main(words: Sequence[str]) -> int:
    """Run, check, print the verdict."""
    chosen = _options().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # whatever was started is put away
    print(f"seed {chosen.seed}", file=sys.stderr, flush=True)
    with ExitStack() as held:
        hands = held.enter_context(ThreadPoolExecutor(1))
        ground = held.enter_context(durable_servers())
        door = held.enter_context(socket.socket())
        door.bind(("127.0.0.1", 0))
        os.environ |= ground.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.chatting.settings",  # the measurement's; the servers have the portal's
            "SITE_URL": f"http://127.0.0.1:{door.getsockname()[1]}",
            "HOST": "127.0.0.1",
            "DEMO": "0",
            "DEBUG": "0",
        }
        django.setup()
        told = _run(chosen, ground, hands, door, held)
    if chosen.json:
        json.dump(told, sys.stdout, indent=1)
    else:
        _print(told)
    return 1 if told["broken"] else 0


def _run(chosen: argparse.Namespace, ground: Any, hands: Any, door: socket.socket, held: ExitStack) -> dict[str, Any]:
    from django.conf import settings  # these need the set-up before
    from django.core.management import call_command

    from bench.faulting.checker import Checker
    from bench.faulting.community import WORDS, Community
    from bench.faulting.history import History
    from bench.faulting.nemesis import plan
    from bench.faulting.run import Run
    from bench.faulting.stage import Stage

    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0, run_syncdb=True)
    community = Community(rooms=chosen.rooms, size=max(2, chosen.people // chosen.rooms))
    history = History(Path(chosen.history) if chosen.history else ground.folder / "history.jsonl")
    held.callback(history.close)
    stage = Stage(ground, settings.ENV, chosen.server)
    held.callback(lambda: hands.submit(stage.close).result())
    hands.submit(stage.open).result()
    tabs = min(SECOND_TABS, len(community.members))
    seconds = 60 * min(chosen.minutes, LONGEST)
    faults = plan(chosen.seed, seconds=seconds, pages=len(community.members) + tabs, only=chosen.only or ())
    began = time.monotonic()
    asyncio.run(Run(stage, community, history, hands, chosen.seed, door).go(faults, tabs=tabs))
    checker = Checker(history.read(), hands.submit(community.log).result())
    broken = list(checker.broken())
    words = hands.submit(stage.words).result()
    broken += [f"in a log: {what}" for what in (WORDS, "Traceback", "@example.org") if what in words]
    if keys := hands.submit(stage.valkey_keys).result():
        broken.append(f"kept in Valkey: {keys} keys")
    said = [one for one in checker.said.values() if one.op == "send"]
    return {
        "seed": chosen.seed,
        "server": chosen.server,
        "seconds": round(time.monotonic() - began),
        "pages": len(checker.pages),
        "faults": dict(Counter(kind for fault in faults for kind in fault.kinds)),
        "deeds": dict(Counter(one["deed"] for one in checker.taken)),
        "messages": len(said),
        "kept": sum(one.ok is not None for one in said),
        "refused": sum(one.refused is not None and one.ok is None for one in said),
        "unknown": sum(one.ok is None and one.refused is None and one.tries > 0 for one in said),
        "tries": sum(one.tries for one in said),
        "deliveries": len(checker.changes),
        "closed": {str(code): times for code, times in sorted(checker.closed.items())},
        "slowest_to_be_whole": {"seconds": checker.worst[0], "after": checker.worst[1]},
        "broken": broken,
    }


def _print(told: dict[str, Any]) -> None:
    faults = ", ".join(f"{kind} {times}×" for kind, times in told["faults"].items())
    print(f"seed {told['seed']}, {told['server']}, {told['seconds']} s, {told['pages']} pages")
    print(f"faults: {faults}")
    print(f"people: {', '.join(f'{deed} {times}×' for deed, times in told['deeds'].items())}")
    print(
        f"messages: {told['messages']}, kept {told['kept']}, refused {told['refused']}, unknown {told['unknown']}"
        f" ({told['tries']} tries); {told['deliveries']} deliveries; links closed: {told['closed']}"
    )
    slowest = told["slowest_to_be_whole"]
    print(f"slowest page to hold everything again: {slowest['seconds']} s after “{slowest['after']}”")
    for one in told["broken"][:TOLD]:
        print(f"BROKEN {one}")
    print("kept: nothing lost, doubled, reordered, skipped or leaked" if not told["broken"] else _again(told))


def _again(told: dict[str, Any]) -> str:
    return f"BROKEN in {len(told['broken'])} ways; the same plan again: bin/bench faults --seed {told['seed']}"


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="bin/bench faults")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of the plan")
    options.add_argument("--minutes", type=float, default=3.0, help="how long, 60 at the most")
    options.add_argument("--server", choices=["uvicorn", "daphne"], default="uvicorn", help="the two web servers")
    options.add_argument("--people", type=int, default=64, help="each with a page; eight have two")
    options.add_argument("--rooms", type=int, default=4, help="that they are in")
    options.add_argument(
        "--only", action="append", help="this kind of fault alone, as it is named; more than once: these"
    )
    options.add_argument("--history", help="a file to keep the history in")
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
