"""No test is waited for without end: a run that stands still names the test, shows where its threads are, and ends."""

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PATIENCE, LONG_PATIENCE = "300", 1800  # seconds for a test with what it sets up and takes down; for a slow one


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("patience", "seconds that a test may take", default=PATIENCE)


class Watch(threading.Thread):
    """Looks at the clock for the whole run: a thread for each test would take longer than many a test."""

    def __init__(self) -> None:
        super().__init__(name="patience", daemon=True)
        self.test: tuple[float, str, int, Any] | None = None

    def run(self) -> None:
        while True:
            time.sleep(0.25)
            if (test := self.test) is not None and time.monotonic() > test[0]:
                end_it(*test[1:])


@cache
def _watch() -> Watch:
    watch = Watch()
    watch.start()
    return watch


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    seconds = LONG_PATIENCE if item.get_closest_marker("slow") else int(item.config.getini("patience"))
    capture = item.config.pluginmanager.getplugin("capturemanager")
    _watch().test = (time.monotonic() + seconds, item.nodeid, seconds, capture)
    try:
        return (yield)
    finally:
        _watch().test = None


def end_it(name: str, seconds: int, capture: Any) -> None:
    """Nothing less ends a call into a browser that does not answer. What the run started is asked to stop."""
    if capture is not None:
        capture.suspend_global_capture(in_=True)  # the words are for whoever reads the run
    print(f"\n{name} did not end within {seconds} s. Where it stands:", file=sys.__stderr__, flush=True)
    faulthandler.dump_traceback(file=sys.__stderr__)
    for pid in _children():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    os._exit(1)


def _children() -> list[int]:
    found: list[int] = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that has just ended
            found += map(int, (thread / "children").read_text().split())
    return found
