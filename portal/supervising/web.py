"""The web servers and the worker: their commands, the listening socket they share, the proof that they answer."""

import errno
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import urlsplit

from portal.demo.signins import DEMO_PASSWORD, SIGN_INS
from portal.embedded import CannotStart
from portal.env import ROOT, Env
from portal.supervising.children import spawn

APPLICATION = "portal.asgi:application"
FRAME = "65536"  # bytes: the largest socket frame taken
GRACE = 3  # seconds a web server gives its requests to finish
BACKLOG = 2048  # so that everyone's reconnect after a restart finds a place in the queue


def listen(env: Env) -> socket.socket:
    """Take the port here, so that a restarted web server finds it still open and nobody is turned away meanwhile."""
    host = env.host.strip("[]")
    try:
        found = socket.getaddrinfo(host, env.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise CannotStart(f"HOST={host} is no name this machine knows: set HOST to one of its addresses.") from None
    family, kind, protocol, _, address = found[0]
    door = socket.socket(family, kind, protocol)
    try:
        open_door(door, address)
    except OSError as problem:
        door.close()
        raise CannotStart(_why_not(problem, host, env.port)) from None
    return door


def open_door(door: socket.socket, address: Any) -> None:
    """Listen. Links inherit what is set here: a frame leaves at once and never waits for the other side to confirm the
    one before. asyncio would see to it, but takes a socket it was given by number for a local one. Raises OSError."""
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    door.bind(address)
    door.listen(BACKLOG)


def _why_not(problem: OSError, host: str, port: int) -> str:
    match problem.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is in use. Stop the other program, or choose another port: PORT={port + 1} bin/run"
        case errno.EACCES:
            return f"Port {port} is for root alone. Choose one from 1024 up: PORT=8000 bin/run"
        case errno.EADDRNOTAVAIL:
            return f"HOST={host} is no address of this machine: set HOST to one that is."
    return f"Port {port} at {host} cannot be opened ({problem.strerror}): set PORT or HOST to another."


def start_web(
    env: Env,
    door: socket.socket,
    environ: Mapping[str, str],
    output: IO[bytes] | None = None,
    *,
    application: str = APPLICATION,
) -> subprocess.Popen[bytes]:
    """One web server on the shared socket. No access log: addresses and paths of people are nobody's business."""
    number = str(door.fileno())
    if env.asgi_server == "uvicorn":
        command = ["uvicorn", "--fd", number, "--ws", "websockets-sansio", "--ws-max-size", FRAME]
        command += ["--ws-per-message-deflate", "false", "--ws-ping-interval", "20", "--ws-ping-timeout", "20"]
        command += ["--timeout-graceful-shutdown", str(GRACE), "--no-access-log", "--no-server-header"]
        command += ["--no-proxy-headers", "--log-level", "warning"]
    else:
        command = ["daphne", "--fd", number, "--websocket-max-message-size", FRAME]
        command += ["--websocket-max-frame-size", FRAME, "--ping-interval", "20", "--ping-timeout", "20"]
        command += ["--no-server-name", "--verbosity", "0"]
    command = [sys.executable, "-m", *command, application]
    return spawn(command, environ=environ, output=output, pass_fds=[door.fileno()], cwd=ROOT)


def start_worker(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The background worker, which takes its jobs from the database. Django's checks would have it read every page."""
    return manage("procrastinate", "--skip-checks", "worker", "--shutdown-graceful-timeout=1", environ=environ)


def manage(*words: str, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """One management command in a process of its own."""
    return spawn([sys.executable, str(ROOT / "manage.py"), *words], environ=environ, cwd=ROOT)


def how_to_sign_in(env: Env) -> str:
    """What to do at the sign-in page: the demo's people, or how the first admin comes to be."""
    if not env.demo:
        return "The first admin of a new portal is made with: bin/manage first_admin ADDRESS."
    people = [f"{who.email} ({who.label.lower()})" for who in SIGN_INS]
    return f"Sign in as {', '.join(people[:-1])} or {people[-1]}, with the password {DEMO_PASSWORD}."


def answers(env: Env) -> bool:
    """Whether a real request to /livez gets its 200."""
    site = urlsplit(env.site_url)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(env.host.strip("[]"), env.host.strip("[]"))  # noqa: S104 # nosec
    line = http.client.HTTPConnection(host, env.port, timeout=2)
    try:
        line.request("GET", "/livez", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def children_environ(env: Env) -> dict[str, str]:
    """What every child is told: what we were told, with the choices made from it spelled out."""
    return os.environ | {"DATA_DIR": str(env.data_dir), "DEMO": "1" if env.demo else "0", "PYTHONUNBUFFERED": "1"}
