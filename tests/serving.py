"""The portal as a real server in a process of its own, on the database of the tests.

A test that uses `live_portal` sees what people see: real frames, real close codes, a real server before them.
"""

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from chat.models import Log
from portal import embedded
from portal.accounts.models import User
from tests.cast import begin_session

ROOT = Path(__file__).resolve().parent.parent
EPOCH = UUID("11111111-2222-4333-8444-555555555555")  # every test's log is the same history to a server that stays
NOWHERE = "unix:///nonexistent/valkey.sock"
SITE = "https://portal.example.org"
BRISK = {"DJANGO_SETTINGS_MODULE": "tests.chat.brisk", "valkey": NOWHERE}
FEW = {"SOCKETS_PER_ADDRESS": "8", "SOCKETS_PER_PROCESS": "10"}  # no test need open hundreds of pages


@dataclass
class LivePortal:
    """A server that answers at `url`. Its `site` is how people and their browsers call it."""

    url: str
    site: str
    port: int
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"

    @property
    def cookie_name(self) -> str:
        return "__Host-session" if self.site.startswith("https:") else f"session-{self.port}"

    def sign_in(self, user: User) -> str:
        """Make a session for this person and give back its key: the cookie's value."""
        return begin_session(user)

    def cookie(self, session_key: str) -> str:
        """The cookie header of a session."""
        return f"{self.cookie_name}={session_key}"

    def get(self, session_key: str, path: str) -> HTTPResponse:
        """Fetch a page."""
        return self._ask("GET", path, {"Cookie": self.cookie(session_key)})

    def post(self, session_key: str, path: str, values: dict[str, Any], *, seen: str | None = None) -> HTTPResponse:
        """Send a form, with the token of the page it stands on: `seen`, or the address it goes to."""
        page = self.get(session_key, seen or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        set_cookies = [cookie.split(";")[0] for cookie in page.headers.get_all("Set-Cookie", [])]
        headers = {
            "Cookie": "; ".join([self.cookie(session_key), *set_cookies]),
            "Origin": self.url,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"csrfmiddlewaretoken": token[1] if token else "", **values})
        return self._ask("POST", path, headers, body)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> HTTPResponse:
        link = HTTPConnection("127.0.0.1", self.port, timeout=10)
        link.request(method, path, body, headers)
        return link.getresponse()

    def stop(self) -> int:
        """Ask it to end, as a supervisor would."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def database_url() -> str:
    """The tests' own database, as a server's DATABASE_URL."""
    url = settings.ENV.database_url or embedded.database_url(settings.DATA_DIR)
    return urlsplit(url)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def hints_prefix() -> str:
    """What the server's hints are marked with, so that the tests' own actions are heard by it."""
    return hashlib.sha256(f"{settings.SECRET_KEY} hints {database_url()}".encode()).hexdigest()[:16]


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def start(folder: Path, *, server: str = "daphne", valkey: str | None = None, **environ: str) -> LivePortal:
    """Start a web server process and wait until it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    if server == "uvicorn":
        command = ["uvicorn", "--host", "127.0.0.1", "--port", str(port), "--ws", "websockets-sansio"]
        command += ["--ws-max-size", "65536", "--ws-per-message-deflate", "false", "--log-level", "warning"]
        command += ["--no-server-header", "--no-proxy-headers"]
        command += ["--timeout-graceful-shutdown", "3"]
    else:
        command = ["daphne", "-b", "127.0.0.1", "-p", str(port), "--verbosity", "0", "--no-server-name"]
        command += ["--websocket-max-message-size", "65536", "--websocket-max-frame-size", "65536"]
    said = folder / f"{server}-{port}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "portal.asgi:application"],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "REDIS_URL": valkey or settings.VALKEY_URL,
                "DATA_DIR": str(settings.DATA_DIR),
                "SECRET_KEY": settings.SECRET_KEY,
                "SITE_URL": url,
                "HOST": "127.0.0.1",
                "PORT": str(port),
                "DEBUG": "0",
                "DEMO": "0",
                **environ,
            },
        )
    portal = LivePortal(url, environ.get("SITE_URL", url), port, process, said)
    _wait(portal)
    return portal


def _wait(portal: LivePortal) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if portal.process.poll() is not None:
            break
        try:
            with urlopen(f"{portal.url}/livez", timeout=2):  # noqa: S310 (our own address)
                return
        except HTTPError as answer:  # it answers, if only to say that it has another name
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The server does not answer:\n{portal.said.read_text()}")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LivePortal]]:
    """Servers by what they are; each is started once and stays for the tests after."""
    folder = tmp_path_factory.mktemp("servers")
    running: dict[Any, LivePortal] = {}

    def get(server: str = "daphne", *, number: int = 1, **more: str) -> LivePortal:
        key = (server, number, database_url(), *sorted(more.items()))
        if key not in running or running[key].process.poll() is not None:
            running[key] = start(folder, server=server, **more)
        return running[key]

    yield get
    for portal in running.values():
        if portal.process.poll() is None:
            portal.process.terminate()
    for portal in running.values():
        portal.process.wait(15)


@pytest.fixture
def serving(transactional_db: None, settings: Any, servers: Callable[..., LivePortal]) -> Callable[..., LivePortal]:
    """A way to servers of one's choice: serving("uvicorn", number=2, valkey=NOWHERE)."""
    Log.objects.update_or_create(pk=1, defaults={"epoch": EPOCH})
    config = settings.CHANNEL_LAYERS["default"]
    marked = {**config["CONFIG"], "prefix": hints_prefix()}
    settings.CHANNEL_LAYERS = {"default": {**config, "CONFIG": marked}}
    return servers


@pytest.fixture(params=["daphne", pytest.param("uvicorn", marks=pytest.mark.slow)])
def production(serving: Callable[..., LivePortal], request: pytest.FixtureRequest) -> LivePortal:
    """A server that knows itself by an https address, behind a proxy, with few places for sockets."""
    return serving(request.param, SITE_URL=SITE, HOST="0.0.0.0", **FEW)  # noqa: S104


@pytest.fixture
def live_portal(serving: Callable[..., LivePortal]) -> LivePortal:
    """The server a single process runs by default."""
    return serving("daphne")
