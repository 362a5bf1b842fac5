"""What the load saw between two moments, and how late it was itself."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.chatting.load import Load

LOOK = 0.01  # seconds between two looks at its own lateness


class Watch:
    """Counts while it is entered; `begin` and `end` mark the span that is told."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._lags: list[float] = []
        self._began = self._worked = 0.0
        self._count = 0

    def __enter__(self) -> "Watch":
        self._looking = asyncio.get_running_loop().create_task(self._look())
        return self

    def __exit__(self, *_: object) -> None:
        self._looking.cancel()

    def begin(self) -> None:
        """What came before does not count. The caller hears of it, to look at the server over the same span."""
        for seen in (self._load.delays, self._load.answers, self._lags):
            seen.clear()
        self._count = self._deliveries()
        tell({"began": True})
        self._began, self._worked = time.monotonic(), time.process_time()

    def end(self) -> dict[str, Any]:
        """What was seen since."""
        load, spent = self._load, time.monotonic() - self._began
        deliveries = self._deliveries() - self._count
        return {
            "sockets": len(load.clients),
            "still_open": sum(client.transport is not None for client in load.clients),
            "deliveries": deliveries,
            "deliveries_per_s": round(deliveries / spent),
            "messages_per_s": round(len(load.answers) / spent, 1),
            "delivery_ms": quantiles(load.delays),
            "ok_ms": quantiles(load.answers),
            "load_lag_ms": quantiles(self._lags),
            "load_busy": round((time.process_time() - self._worked) / spent, 2),
        }

    def _deliveries(self) -> int:
        return sum(client.count for client in self._load.clients)

    async def _look(self) -> None:
        while True:
            due = time.monotonic() + LOOK
            await asyncio.sleep(LOOK)
            self._lags.append(max(0.0, time.monotonic() - due))


def quantiles(seconds: Sequence[float]) -> dict[str, float] | None:
    """Median, p99 and worst in milliseconds."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    places = {"p50": len(ordered) // 2, "p99": min(len(ordered) - 1, len(ordered) * 99 // 100), "worst": -1}
    return {name: round(ordered[place] * 1000, 2) for name, place in places.items()}


def tell(told: dict[str, Any]) -> None:
    """One line to the caller."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
