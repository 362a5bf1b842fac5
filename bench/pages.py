"""Server time, queries and bytes of each main page, with the demo community. `bin/bench pages [--json] [--times N]`.

With --browser: how soon each is there on a slow phone (see bench.browsing).
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import django

from bench import browsing
from tests.browser.looks import Look, looks

TIMES = 60  # requests a page, after a few to warm up


@dataclass(frozen=True)
class Measured:
    """One page as one person sees it. Times in milliseconds of this process; bytes of the document alone."""

    page: str
    role: str
    median_ms: float
    p95_ms: float
    queries: int
    bytes: int
    gzipped: int


def main(words: Sequence[str]) -> int:
    """Measure, print a table or JSON. Returns the exit code."""
    if "--browser" in words:
        return browsing.main([word for word in words if word != "--browser"])
    options = argparse.ArgumentParser(prog="bin/bench pages")
    options.add_argument("--json", action="store_true")
    options.add_argument("--times", type=int, default=TIMES)
    chosen = options.parse_args(words)
    os.environ["DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.core.management import call_command  # needs the set-up above

    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    results = [measure(look, chosen.times) for look in looks() if look.main]
    if chosen.json:
        json.dump([asdict(result) for result in results], sys.stdout, indent=1)
    else:
        show(results)
    return 0


def measure(look: Look, times: int) -> Measured:
    """Ask for one page many times. Raises AssertionError when it does not answer 200."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.accounts.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    if look.email:
        client.force_login(
            User.objects.get(email=look.email), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    for _ in range(3):
        answer = client.get(look.path)
        if answer.status_code != 200:
            raise AssertionError(f"{look.name} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(look.path)
    asked = len(queries)  # before the next request empties the log
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(look.path)
        spent.append((time.perf_counter() - began) * 1000)
    return Measured(
        page=look.page,
        role=look.role,
        median_ms=round(statistics.median(spent), 1),
        p95_ms=round(statistics.quantiles(spent, n=20)[-1], 1),
        queries=asked,
        bytes=len(answer.content),
        gzipped=len(gzip.compress(answer.content)),
    )


def show(results: Sequence[Measured]) -> None:
    """A table for people."""
    line = "{:<22} {:<14} {:>9} {:>8} {:>8} {:>8} {:>8}\n"
    sys.stdout.write(line.format("page", "role", "median ms", "p95 ms", "queries", "bytes", "gzip"))
    for row in results:
        sys.stdout.write(line.format(*asdict(row).values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
