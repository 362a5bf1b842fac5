"""How soon a page is there on a slow phone: Chromium with its processor slowed down, nothing in the cache.

`bin/bench pages --browser [--json] [--times N] [--slower N]`. The server is on this machine and is not slowed down.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from playwright.sync_api import Browser, sync_playwright

from bench.pictures import running_portal
from tests.browser.chromium import CHROMIUM, QUIETLY
from tests.browser.looks import Look
from tests.browser.walk import Walk, walk_through

TIMES, SLOWER = 5, 4
REST = 500  # milliseconds after the page has loaded in which scripts may still be at work
BUSY = 1.5  # a load beyond which the figures say more about the machine
WATCH = """
window.painted = 0
window.blocked = 0
new PerformanceObserver((list) => { window.painted = list.getEntries().at(-1).startTime })
  .observe({ type: "largest-contentful-paint", buffered: true })
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.blocked += Math.max(0, duration - 50)
}).observe({ type: "longtask", buffered: true })
"""


@dataclass(frozen=True)
class Seen:
    """Milliseconds. LCP: the largest part of the page is painted; blocked: how long taps would have had to wait."""

    page: str
    role: str
    first_paint: float
    lcp: float
    lcp_worst: float
    blocked: float
    blocked_worst: float


def main(words: Sequence[str]) -> int:
    """Measure, print a table or JSON. Returns the exit code."""
    options = argparse.ArgumentParser(prog="bin/bench pages --browser")
    options.add_argument("--json", action="store_true")
    options.add_argument("--times", type=int, default=TIMES)
    options.add_argument("--slower", type=float, default=SLOWER)
    chosen = options.parse_args(words)
    with running_portal() as portal, sync_playwright() as playwright:
        walk = walk_through(portal)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        looks = [look for look in walk.looks if look.main]
        results = [see(walk, browser, look, chosen.times, chosen.slower) for look in looks]
        browser.close()
    if chosen.json:
        json.dump([asdict(result) for result in results], sys.stdout, indent=1)
    else:
        show(results)
    if (load := os.getloadavg()[0]) > BUSY * (os.cpu_count() or 1):
        sys.stderr.write(f"This machine is busy (load {load:.1f}): the figures are too high.\n")
    return 0


def see(walk: Walk, browser: Browser, look: Look, times: int, slower: float) -> Seen:
    """Open one page in new browsers, many times."""
    once = [see_once(walk, browser, look, slower) for _ in range(times)]
    first, lcp, blocked = zip(*once, strict=True)
    return Seen(
        page=look.page,
        role=look.role,
        first_paint=round(statistics.median(first)),
        lcp=round(statistics.median(lcp)),
        lcp_worst=round(max(lcp)),
        blocked=round(statistics.median(blocked)),
        blocked_worst=round(max(blocked)),
    )


def see_once(walk: Walk, browser: Browser, look: Look, slower: float) -> tuple[float, float, float]:
    """First paint, largest paint and blocked time of one visit."""
    context = walk.enter(browser, look.email)
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(look.path)
    page.wait_for_timeout(REST)
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    seen = (first, page.evaluate("window.painted"), page.evaluate("window.blocked"))
    context.close()
    return seen


def show(results: Sequence[Seen]) -> None:
    """A table for people."""
    line = "{:<22} {:<12} {:>11} {:>8} {:>8} {:>9} {:>8}\n"
    sys.stdout.write(line.format("page", "role", "first paint", "LCP", "worst", "blocked", "worst"))
    for row in results:
        sys.stdout.write(line.format(*asdict(row).values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
