"""The files the embedded servers write their logs to."""

import os
from pathlib import Path
from typing import IO

from portal.embedded import open_private_folder

LARGE = 5_000_000  # bytes; an older file than that is kept once
FULL = "The disk that holds {} is full. Free some space, or set DATA_DIR to another place."


def open_log(path: Path) -> IO[bytes]:
    """Open a log for a child to append to, its owner's alone."""
    open_private_folder(path.parent.resolve())
    if path.exists() and path.stat().st_size > LARGE:
        path.rename(path.with_suffix(".1.log"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "wb")


def last_words(path: Path) -> str:
    """The last lines of a log, on one line."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return " / ".join(line.strip() for line in lines[-3:]) or "(none)"
