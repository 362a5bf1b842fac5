"""What happened, one line of JSON an event: written while it happens, read by the checker afterwards."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class History:
    """The file of one run. Moments are seconds since it began."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._out = file.open("w")
        self._began = time.monotonic()

    @property
    def now(self) -> float:
        return round(time.monotonic() - self._began, 4)

    def note(self, what: str, **fields: Any) -> None:
        """Something has happened now."""
        self._out.write(json.dumps({"t": self.now, "what": what, **fields}, default=str) + "\n")

    def read(self) -> Iterator[Event]:
        """Everything, in order."""
        self._out.flush()
        with self.file.open() as lines:
            for line in lines:
                yield json.loads(line)

    def close(self) -> None:
        """No more is written."""
        self._out.close()
