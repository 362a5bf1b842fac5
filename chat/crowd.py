"""How many sockets are open here at once, from one address and in all. Counted a process: see decision 16."""

import resource
from collections import Counter
from collections.abc import Callable

import structlog
from django.conf import settings

QUIET = 60.0  # seconds between two lines about the same limit: a flood must not fill the log
OTHER_FILES = 200  # what a process has open besides sockets

log = structlog.get_logger()


class Crowd:
    """Counted from the first byte on, before anybody knows who comes: a socket without a session takes a place, too."""

    def __init__(self, breaches: "Breaches") -> None:
        self._breaches = breaches
        self._here: Counter[str] = Counter()
        self._all = 0

    def enter(self, place: str) -> bool:
        """Take a place, if there is one."""
        if self._all >= settings.CHAT["SOCKETS_IN_ALL"]:
            self._breaches.note("process")
        elif self._here[place] >= settings.CHAT["SOCKETS_FROM_ONE_PLACE"]:
            self._breaches.note("address")
        else:
            self._here[place] += 1
            self._all += 1
            return True
        return False

    def leave(self, place: str) -> None:
        """Give the place back."""
        self._all -= 1
        self._here[place] -= 1
        if not self._here[place]:
            del self._here[place]


class Breaches:
    """Tells the log which limit was reached and how often: never by whom, from where or with what."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._untold: Counter[str] = Counter()
        self._told_at: dict[str, float] = {}

    def note(self, limit: str) -> None:
        """A limit was reached. The first time is told at once, the others with the next one a minute later."""
        self._untold[limit] += 1
        now = self._clock()
        if now - self._told_at.get(limit, now - QUIET) >= QUIET:
            self._told_at[limit] = now
            log.warning("chat.limit_reached", limit=limit, times=self._untold.pop(limit))


def allow_files() -> None:
    """Each socket is an open file, and many systems allow a process a thousand unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.CHAT["SOCKETS_IN_ALL"] + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
