"""One child process: how it is born, how it dies with its parent, how it is stopped."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO

from portal.embedded import CannotStart
from portal.supervising.identity import AS_WE_ARE, Identity
from portal.supervising.waiting import StopAsked, pause, say, until

PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.5, 30.0, 60.0  # seconds

Command = Sequence[str | Path]


def spawn(
    command: Command,
    *,
    dies_by: signal.Signals = signal.SIGKILL,
    identity: Identity = AS_WE_ARE,
    environ: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    stdin: bytes = b"",
    pass_fds: Sequence[int] = (),
    cwd: Path | None = None,
    foreground: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a child that ends when we do, in a session of its own, so that Ctrl-C reaches the supervisor alone.

    One in the foreground keeps the terminal."""
    parent = os.getpid()

    def before_exec() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's words
        identity.assume()
        _die_with(parent, dies_by)

    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if stdin else None if foreground else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        env=environ,
        pass_fds=pass_fds,
        cwd=cwd,
        start_new_session=not foreground,
        preexec_fn=before_exec,  # the supervisor has one thread
    )
    if child.stdin:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(stdin)
            child.stdin.close()
    return child


def _die_with(parent: int, by: signal.Signals) -> None:
    """Ask the kernel to end this process when its parent ends, even by kill -9."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def finish(child: subprocess.Popen[bytes]) -> int:
    """Wait for a step that ends by itself. A stop meanwhile ends the step first."""
    try:
        while child.poll() is None:
            pause(1)
    except StopAsked:
        stop([child], [(signal.SIGTERM, 3.0)])
        raise
    return child.returncode


def stop(children: Sequence[subprocess.Popen[bytes]], asks: Sequence[tuple[signal.Signals, float]]) -> None:
    """Ask all, wait, ask harder; at the end they are gone."""
    for ask, seconds in asks:
        for child in children:
            child.send_signal(ask)
        if until(lambda: all(child.poll() is not None for child in children), seconds=seconds, stoppable=False):
            return
    for child in children:
        child.kill()
        child.wait()


class Stage(IntEnum):
    """What stands on what: started from the first to the last, stopped from the last to the first."""

    DATABASE, HINTS, WORKER, WEB = range(4)


# How each stage is asked to stop, and for how many seconds; together under ten. PostgreSQL: fast, at last at once.
ASKS = {
    Stage.WEB: [(signal.SIGTERM, 4.0)],
    Stage.WORKER: [(signal.SIGTERM, 1.5)],
    Stage.HINTS: [(signal.SIGTERM, 0.5)],
    Stage.DATABASE: [(signal.SIGINT, 2.5), (signal.SIGQUIT, 0.5)],
}


@dataclass
class Service:
    """A child that should always run. When it ends by itself it is started again, each time a little later."""

    name: str
    stage: Stage
    start: Callable[[], subprocess.Popen[bytes]]
    child: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    _pause: float = FIRST_PAUSE
    _since: float = 0.0
    _due: float = 0.0

    def begin(self) -> subprocess.Popen[bytes]:
        """Start it now."""
        self._since = time.monotonic()
        self.child = self.start()
        return self.child

    def tend(self) -> float:
        """Notice that it ended, say so, start it again when its pause is over. Returns in how many seconds to look."""
        now = time.monotonic()
        if self.child is not None and (code := self.child.poll()) is not None:
            self.child = None
            self.deaths += 1
            self._pause = FIRST_PAUSE if now - self._since > STEADY else self._pause
            self._due = now + self._pause
            say(f"{self.name} stopped by itself ({_ending(code)}). It starts again in {self._pause:g} s.")
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if self.child is None and now >= self._due:
            try:
                self.begin()
            except (CannotStart, OSError) as problem:
                self._due = now + self._pause
                say(f"{self.name} could not be started again: {problem}")
        return LONGEST_PAUSE if self.child is not None else max(self._due - now, 0.05)


def end(crew: Sequence[Service]) -> None:
    """Stop everything for good, the last stage first."""
    for stage in sorted(Stage, reverse=True):
        stop([service.child for service in crew if service.stage is stage and service.child], ASKS[stage])


def _ending(code: int) -> str:
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
