"""Real servers for the tests of starting and stopping: processes of their own, in folders of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.env import ROOT

CHOICES = ("PORT", "HOST", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "DEBUG", "SITE_URL")
CHOICES += ("ASGI_SERVER", "WORKERS", "DJANGO_SETTINGS_MODULE", "PORTAL_PROCESS")


def fresh_environ(**chosen: object) -> dict[str, str]:
    """The environment of somebody who has set nothing but this."""
    kept = {name: value for name, value in os.environ.items() if name not in CHOICES}
    return kept | {name: str(value) for name, value in chosen.items()}


@contextmanager
def embedded_servers(data_dir: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """PostgreSQL and Valkey of this folder, started by a process that can be killed."""
    wait = "print('up', flush=True); input()"
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "portal.supervising.beside", "-c", wait],
        cwd=ROOT,
        env=fresh_environ(DATA_DIR=data_dir),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "up\n":
                break
        else:
            raise AssertionError("".join(lines))
        yield process
        with suppress(BrokenPipeError):
            process.stdin.write("\n")
            process.stdin.close()
        process.wait(15)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder is this one or lies in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink().is_relative_to(folder.resolve()):
                found.append(int(entry.name))
    return found


def kill_all(pids: list[int]) -> None:
    """kill -9, all at once."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def soon(true: Callable[[], object], seconds: float = 10) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def tcp_ports_of(pids: list[int]) -> set[int]:
    """The TCP ports on which these processes listen."""
    sockets = set()
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                sockets.add(os.readlink(entry).removeprefix("socket:[").removesuffix("]"))
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports
