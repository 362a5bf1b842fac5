"""How lines of Django's own log look: one line a record, and nothing in it that people wrote.

The words of an exception often hold values ("Key (email)=... already exists"): only its kind and places are kept.
"""

import logging
import traceback
from types import TracebackType
from typing import Any

from portal.env import ROOT

FRAMES = 30  # places of a fault, the innermost of them


class OneLine(logging.Formatter):
    """Time, level, name and message; of a fault its kind and where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            said += f" {in_places(record.exc_info[0], record.exc_info[2])}"
        return f"{self.formatTime(record)} {record.levelname} {record.name} {visible(said)}"


def in_places(kind: type[BaseException], trace: TracebackType | None) -> str:
    """The kind of a fault and its places, the innermost last."""
    places = [f"{_short(frame.filename)}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-FRAMES:]]
    return f"{kind.__module__}.{kind.__qualname__} at {' > '.join(places)}"


def visible(text: Any) -> str:
    """Without anything that ends a line or moves a terminal's cursor."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(text))


def _short(path: str) -> str:
    return path.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
