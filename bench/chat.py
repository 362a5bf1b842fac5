"""The chat beside a textbook room and a bare broadcast, on fresh servers with real people.

`bin/bench chat [--json] [--only portal,bare] [--server uvicorn] [--part flood] [--scale 0.1]`; see docs/performance.md.
"""

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import django

from bench.chatting.ground import durable_servers
from bench.chatting.servers import cores

SERVERS = ("uvicorn", "daphne")
LONGEST = 120.0  # seconds a measurement may be asked to take


def main(words: Sequence[str]) -> int:
    """Measure, print a table or JSON. Returns the exit code: 0 also where a promise is not kept."""
    chosen = _options().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # whatever was started is put away
    with ExitStack() as held:
        if not chosen.forgetful:
            os.environ |= held.enter_context(durable_servers()).environ
        os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.chatting.settings", "DEMO": "0"}
        django.setup()
        from django.core.management import call_command  # needs the set-up above

        from bench.chatting.parts import KINDS, PARTS, Choice, measure
        from bench.chatting.report import promises, table

        call_command("migrate", verbosity=0)
        call_command("migrate", verbosity=0, run_syncdb=True)  # the textbook's table points to the portal's people
        choice = Choice(
            kinds=_among(chosen.only, KINDS),
            servers=_among(chosen.server, SERVERS),
            parts=_among(chosen.part, PARTS),
            scale=chosen.scale,
            seconds=min(chosen.seconds, LONGEST),
            warm=min(chosen.warm, LONGEST),
            say=lambda words: print(words, file=sys.stderr, flush=True),
        )
        rows = list(measure(choice))
    kept = list(promises(rows))
    machine = {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "server_and_load_pinned": cores() is not None,
        "python": platform.python_version(),
        "load_before": round(BEFORE[0], 2),
        "database_syncs": not chosen.forgetful,
        "scale": chosen.scale,
    }
    if chosen.json:
        json.dump({"machine": machine, "rows": rows, "promises": kept}, sys.stdout, indent=1)
    else:
        print(", ".join(f"{name}: {value}" for name, value in machine.items()))
        print(*table(rows), sep="\n")
        for one in kept:
            print(f"{'kept  ' if one['holds'] else 'MISSED'} {one['promise']}: {one['measured']}")
    return 0


BEFORE = os.getloadavg()  # a machine with other work measures that work too


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="bin/bench chat")
    options.add_argument("--json", action="store_true")
    options.add_argument("--only", default="portal,textbook,bare", help="which rooms, by comma")
    options.add_argument("--server", default="uvicorn,daphne", help="which web servers, by comma")
    options.add_argument("--part", default="flood,steady,idle,reconnect,history", help="which measurements, by comma")
    options.add_argument("--scale", type=float, default=1.0, help="shrink rooms, sockets and history")
    options.add_argument(
        "--seconds", type=float, default=10.0, help="how long each flood and steady stream is measured"
    )
    options.add_argument("--warm", type=float, default=3.0, help="how long each runs before")
    options.add_argument("--forgetful", action="store_true", help="a database that does not sync its commits to disk")
    return options


def _among(words: str, known: Sequence[str]) -> tuple[str, ...]:
    chosen = words.split(",")
    if unknown := set(chosen) - set(known):
        sys.exit(f"bin/bench chat knows {', '.join(known)}; not {', '.join(sorted(unknown))}.")
    return tuple(one for one in known if one in chosen)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
