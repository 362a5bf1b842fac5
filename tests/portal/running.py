"""Real servers for the tests of starting and stopping: processes of their own, in folders of their own."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.env import ROOT

SUPERVISOR = [sys.executable, "-m", "portal.supervisor"]
CHOICES = ("PORT", "HOST", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "DEBUG", "SITE_URL")
CHOICES += ("ASGI_SERVER", "WORKERS", "DJANGO_SETTINGS_MODULE", "PORTAL_PROCESS", "PYTHON")


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


@contextmanager
def cloned(*names: str) -> Iterator[Path]:
    """The files a clone would hold, and no more, where anybody may go; or only these of them."""
    folder = Path(tempfile.mkdtemp(prefix="portal-clone-"))
    folder.chmod(0o755)
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *names]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


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


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Portal:
    """A supervisor that was started for a test, with what it has said so far."""

    def __init__(self, data_dir: Path, *before: str, command: list[str] = SUPERVISOR, **chosen: object) -> None:
        self.data_dir = data_dir
        self.port = int(str(chosen.setdefault("PORT", free_port())))
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [*before, *command],
            cwd=ROOT,
            env=fresh_environ(DATA_DIR=data_dir, **{"DEMO": 0, **chosen}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line.rstrip("\n"))

    def says(self, words: str, seconds: float = 60) -> bool:
        """Whether it says this in time, or has said it."""
        return soon(lambda: any(words in line for line in self.said), seconds)

    def ready(self, seconds: float = 120) -> "Portal":
        """Wait for the line that says so."""
        assert soon(lambda: self.is_ready or self.process.poll() is not None, seconds), self.said
        assert self.is_ready, "\n".join(self.said)
        return self

    @property
    def is_ready(self) -> bool:
        return any(line.startswith("Ready: http") for line in self.said)

    def get(self, path: str = "/livez", host: str = "127.0.0.1") -> http.client.HTTPResponse:
        """One request on a line of its own."""
        line = http.client.HTTPConnection(host, self.port, timeout=10)
        line.request("GET", path, headers={"Connection": "close"})
        answer = line.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        line.close()
        return answer

    def children(self) -> dict[str, list[int]]:
        """Its children now, by what they are."""
        found: dict[str, list[int]] = {}
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_text()
                kinds = ("daphne", "uvicorn", "procrastinate", "/valkey-server", "/postgres")
                program = [word.split(" ")[0] for word in words.split("\0")]
                kind = next((kind for kind in kinds if any(word.endswith(kind) for word in program)), words)
                found.setdefault(kind, []).append(int(pid))
        return found

    def stop(self, ask: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop. Returns how long it took."""
        start = time.monotonic()
        self.process.send_signal(ask)
        self.process.wait(30)
        self._listener.join(10)
        return time.monotonic() - start

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        self._listener.join(10)
