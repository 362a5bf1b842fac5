"""The files the embedded servers write their logs to."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from portal.embedded import open_private_folder

LARGE = 5_000_000  # bytes; an older file than that is kept once
START = "== "
FULL = "The disk that holds {} is full. Free some space, or set DATA_DIR to another place."


def open_log(path: Path, program: str) -> IO[bytes]:
    """Open a log for a child to append to, its owner's alone, with a line that says what starts now."""
    open_private_folder(path.parent.resolve())
    if path.exists() and path.stat().st_size > LARGE:
        path.rename(path.with_suffix(".1.log"))
    log = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "wb", buffering=0)
    log.write(f"{START}{program} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}\n".encode())
    return log


def last_words(path: Path) -> list[str]:
    """What the program that started last has written."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    starts = [number for number, line in enumerate(lines) if line.startswith(START)]
    return [line.strip() for line in lines[starts[-1] + 1 :]] if starts else []


def explain(path: Path, what: str, data_dir: Path) -> str:
    """A sentence about a program that did not do its work, with the end of its own words."""
    words = last_words(path)
    if any("No space left on device" in line for line in words):
        return FULL.format(data_dir)
    return f"{what}. {path} says why: {' / '.join(words[-3:]) or '(nothing)'}"
