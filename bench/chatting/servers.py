"""Fresh servers of each kind, on a core of their own when there are two, and the load on the other."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from portal.env import ROOT
from portal.supervising.web import open_door

APPLICATIONS = {
    "portal": "portal.asgi:application",
    "textbook": "bench.chatting.textbook:application",
    "bare": "bench.chatting.bare:application",
}
STARTING = 60.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int, int] | None:
    """One for the server and one for the load; none to choose from on a single core."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (found[0], found[1]) if len(found) > 1 else None


def pinned(command: Sequence[str], core: int | None, **more: Any) -> subprocess.Popen[Any]:
    """A child that stays on one core."""

    def stay() -> None:
        if core is not None:
            os.sched_setaffinity(0, {core})

    return subprocess.Popen([sys.executable, *command], cwd=ROOT, preexec_fn=stay, **more)


@dataclass
class Server:
    """A server that answers."""

    kind: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def worked(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def serving(kind: str, server: str) -> Iterator[Server]:
    """A new process with the flags `bin/run` gives it, stopped at the end."""
    with socket.socket() as door:
        open_door(door, ("127.0.0.1", 0))
        port = door.getsockname()[1]
        said = Path(os.environ["DATA_DIR"]) / f"bench-{kind}.log"
        places = cores()
        with said.open("ab") as log:
            process = pinned(
                ["-m", *_command(server, door.fileno()), APPLICATIONS[kind]],
                places[0] if places else None,
                pass_fds=[door.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environ(port),
            )
        try:
            _wait(process, port, said)
            yield Server(kind, port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(server: str, door: int) -> list[str]:
    if server == "uvicorn":
        command = ["uvicorn", "--fd", str(door), "--ws", "websockets-sansio", "--ws-max-size", "65536"]
        command += ["--ws-per-message-deflate", "false", "--ws-ping-interval", "20", "--ws-ping-timeout", "20"]
        command += ["--timeout-graceful-shutdown", "3", "--no-access-log", "--no-server-header"]
        return [*command, "--no-proxy-headers", "--log-level", "warning"]
    command = ["daphne", "--fd", str(door), "--websocket-max-message-size", "65536"]
    command += ["--websocket-max-frame-size", "65536", "--ping-interval", "20", "--ping-timeout", "20"]
    return [*command, "--no-server-name", "--verbosity", "0"]


def _environ(port: int) -> dict[str, str]:
    told = {"SITE_URL": f"http://127.0.0.1:{port}", "HOST": "127.0.0.1", "PORT": str(port), "DEBUG": "0", "DEMO": "0"}
    return {**os.environ, **told, "DJANGO_SETTINGS_MODULE": "bench.chatting.settings"}


def _wait(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        line = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/livez")
            if line.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            line.close()
        time.sleep(0.1)
    raise RuntimeError(f"The server does not answer: {said.read_text()[-2000:]}")


class LoadProcess:
    """The load on its core: one plan, one answer."""

    def __init__(self, plan: dict[str, Any]) -> None:
        places = cores()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = pinned(["-m", "bench.chatting.load"], places[1] if places else None, **pipes)
        self.tell(json.dumps(plan))

    def tell(self, line: str = "") -> None:
        """A line to the load."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The load's next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The load ended with {self.process.wait()}.")
        return json.loads(line)

    def __enter__(self) -> "LoadProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
