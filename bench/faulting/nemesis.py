"""The plan of faults: which, when, for how long and to whom. The same seed gives the same plan."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CALM = 7.0  # seconds after a fault in which everybody has to be whole again
FIRST = 3.0  # seconds of talk before the first

# Seconds a fault lasts, shortest and longest.
FAULTS = {
    "kill a worker": (0.5, 3),
    "freeze a worker": (3, 20),
    "rolling restart": (0, 0),
    "kill Valkey": (1, 10),
    "freeze Valkey": (2, 8),
    "empty Valkey": (0, 0),
    "end Valkey's links": (0, 0),
    "crash PostgreSQL": (0.5, 20),
    "end database links": (0, 0),
    "cut links": (0, 0),
    "network away": (1, 6),
    "half-open links": (3, 12),
    "silent links": (3, 20),
    "slow links": (4, 10),
    "slow readers": (4, 12),
}
OF_LINKS = ("cut links", "network away", "half-open links", "silent links", "slow links", "slow readers")
TWO_AT_ONCE = 0.4  # of the faults of a server come with one of the links
# What happens to a person meanwhile.
DEEDS = ("remove", "ban", "mute", "end session", "deactivate", "none")


@dataclass(frozen=True)
class Fault:
    """One or two at once: `at` seconds after the start, on these pages where they are about links."""

    at: float
    kinds: tuple[str, ...]
    lasts: float
    worker: int
    pages: tuple[int, ...]
    deed: str


def plan(seed: int, *, seconds: float, pages: int, only: Sequence[str] = ()) -> list[Fault]:
    """Faults one after the other until the time is over: every kind comes before one comes again."""
    dice = random.Random(seed)
    faults = []
    at = FIRST
    for kind in _kinds(dice, only or sorted(FAULTS)):
        shortest, longest = FAULTS[kind]
        lasts = round(shortest + (longest - shortest) * dice.random() ** 2, 1)
        lasts = min(lasts, round(seconds - CALM - at, 1))
        if lasts < shortest:
            break
        hit = tuple(sorted(dice.sample(range(pages), k=dice.randint(1, max(1, pages // 3)))))
        two = kind not in OF_LINKS and not only and dice.random() < TWO_AT_ONCE
        more = dice.choice(OF_LINKS) if two else None
        kinds = (kind, more) if more else (kind,)
        faults.append(Fault(round(at, 1), kinds, lasts, dice.randrange(2), hit, dice.choice(DEEDS)))
        at += lasts + CALM
    return faults


def _kinds(dice: random.Random, kinds: Sequence[str]) -> Iterator[str]:
    while True:
        yield from dice.sample(kinds, k=len(kinds))
