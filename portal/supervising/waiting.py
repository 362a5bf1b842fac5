"""Waiting for children and for the person who says stop.

Signals are blocked and picked up here alone, so nothing ever interrupts a step in its middle."""

import signal
import sys
import time
from collections.abc import Callable, Iterator

STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class StopAsked(Exception):
    """Ctrl-C, SIGTERM or a closed terminal: stop everything, in order."""


def take_signals(*, interrupts: bool = True) -> None:
    """From here on stop signals and ended children are noticed by pause() alone. Ctrl-C may be left to a child."""
    if not interrupts:
        STOPS.discard(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # started with nohup
        STOPS.discard(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS | {signal.SIGCHLD})


def pause(seconds: float, *, stoppable: bool = True) -> None:
    """Wait until a child changes or the time is over. Raises StopAsked, unless stopping is already under way."""
    heard = signal.sigtimedwait(STOPS | {signal.SIGCHLD}, max(seconds, 0))
    if stoppable and heard is not None and heard.si_signo in STOPS:
        raise StopAsked


def until(ready: Callable[[], bool], *, seconds: float, every: float = 0.05, stoppable: bool = True) -> bool:
    """Whether it became true in the time given."""
    return any(ready() for _ in _moments(seconds, every, stoppable))


def _moments(seconds: float, every: float, stoppable: bool) -> Iterator[None]:
    end = time.monotonic() + seconds
    yield
    while (left := end - time.monotonic()) > 0:
        pause(min(every, left), stoppable=stoppable)
        yield


def say(text: str) -> None:
    """A line for the person at the terminal. A terminal that is gone is no reason to fall over."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115
