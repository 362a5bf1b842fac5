"""Two web servers on one door, PostgreSQL and Valkey: all children of the run, and what can befall them.

Everything here blocks and runs on one thread of its own: a child ends with the thread that started it.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import redis

from bench.chatting.ground import Ground
from portal.env import Env
from portal.supervising.children import Service
from portal.supervising.web import BACKLOG, start_web

STARTING = 60.0  # seconds
SOON = 0.05


class Stage:
    """`site` is the address people know: the proxy's. `door` is where the web servers really listen."""

    def __init__(self, ground: Ground, env: Env, server: str) -> None:
        self.ground = ground
        self.env = replace(env, asgi_server=server)
        self.door = socket.socket()
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.door.bind(("127.0.0.1", 0))
        self.door.listen(BACKLOG)
        self.port: int = self.door.getsockname()[1]
        self.postgres, self.valkey = ground.crew
        self.said = [ground.folder / "logs" / f"web-{number}.log" for number in range(2)]
        self.workers: list[subprocess.Popen[bytes]] = []

    def open(self) -> None:
        """Start both web servers."""
        for number in range(2):
            self.workers.append(self._start(number))
        for number in range(2):
            self._until_at_the_door(number)

    def close(self) -> None:
        """Stop them, however they are."""
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
        for worker in self.workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(8)
            worker.kill()
            worker.wait()
        self.door.close()

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        environ = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": "1"}
        with self.said[number].open("ab") as log:
            return start_web(self.env, self.door, environ, log)

    def _until_at_the_door(self, number: int) -> None:
        """It waits for links on the door: the kernel lists what a process's epoll looks at."""
        end = time.monotonic() + STARTING
        while not self._is_at_the_door(self.workers[number].pid):
            if self.workers[number].poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Web server {number} did not start: {self.said[number].read_text()[-2000:]}")
            time.sleep(SOON)

    def _is_at_the_door(self, pid: int) -> bool:
        door = os.fstat(self.door.fileno()).st_ino
        watched = set()
        with contextlib.suppress(OSError):
            for file in Path(f"/proc/{pid}/fdinfo").iterdir():
                watched |= {line.split()[1] for line in file.read_text().splitlines() if line.startswith("tfd:")}
        with contextlib.suppress(OSError):
            return any(os.stat(f"/proc/{pid}/fd/{number}").st_ino == door for number in watched)
        return False

    # What can befall them: each gives back what ends it

    def kill_worker(self, number: int) -> Callable[[], None]:
        """kill -9; started again as the supervisor would."""
        self.workers[number].kill()
        self.workers[number].wait()

        def restart() -> None:
            self.workers[number] = self._start(number)

        return restart

    def freeze_worker(self, number: int) -> Callable[[], None]:
        """It is there and does nothing."""
        self.workers[number].send_signal(signal.SIGSTOP)
        return lambda: self.workers[number].send_signal(signal.SIGCONT)

    def roll(self) -> None:
        """A new version: one after the other is asked to stop and started again."""
        for number in range(2):
            self.workers[number].terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.workers[number].wait(10)
            self.workers[number].kill()
            self.workers[number].wait()
            self.workers[number] = self._start(number)
            self._until_at_the_door(number)

    def kill_valkey(self) -> Callable[[], None]:
        """kill -9; nothing in it is kept."""
        return self._kill(self.valkey, signal.SIGKILL)

    def freeze_valkey(self) -> Callable[[], None]:
        """It takes what is sent and answers nothing."""
        child = self.valkey.child
        assert child is not None
        child.send_signal(signal.SIGSTOP)
        return lambda: child.send_signal(signal.SIGCONT)

    def empty_valkey(self) -> None:
        """FLUSHALL."""
        with self._asking() as valkey:
            valkey.flushall()

    def end_valkey_links(self) -> None:
        """CLIENT KILL."""
        with self._asking() as valkey:
            valkey.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            valkey.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    def valkey_keys(self) -> int:
        """What is kept in it: nothing."""
        with self._asking() as valkey:
            return valkey.dbsize()

    def _asking(self) -> redis.Redis:
        return redis.Redis.from_url(self.ground.environ["REDIS_URL"], socket_timeout=5)

    def crash_postgres(self) -> Callable[[], None]:
        """Immediate stop: as if the power went."""
        restart = self._kill(self.postgres, signal.SIGQUIT)

        def recover() -> None:
            restart()
            end = time.monotonic() + STARTING
            while not self._database_answers() and time.monotonic() < end:
                time.sleep(SOON)

        return recover

    def _database_answers(self) -> bool:
        try:
            psycopg.connect(self.ground.environ["DATABASE_URL"], connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def end_database_links(self) -> None:
        """pg_terminate_backend on everybody's."""
        with psycopg.connect(self.ground.environ["DATABASE_URL"], autocommit=True) as link:
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def _kill(self, service: Service, how: signal.Signals) -> Callable[[], None]:
        child = service.child
        assert child is not None
        child.send_signal(how)
        child.wait()
        return lambda: service.begin() and None

    def words(self) -> str:
        """All that the servers have written to their logs."""
        return "".join(file.read_text(errors="replace") for file in (self.ground.folder / "logs").glob("*.log"))
