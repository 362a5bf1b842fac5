"""The embedded PostgreSQL and Valkey: private, and never in the way of the next start."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import database_url, secret, socket_folder, valkey_url
from portal.env import ROOT
from portal.supervising import postgres
from tests.portal.running import embedded_servers, fresh_environ, kill_all, soon, tcp_ports_of, working_in


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def outside(folder: Path) -> list[tuple[int, int]]:
    """Owners and modes of what is around a DATA_DIR in this folder."""
    around = [folder, folder.parent, postgres.tools(), postgres.tools().parent]
    return [(path.stat().st_uid, mode(path)) for path in around]


@dataclass(frozen=True)
class Making:
    """What the very first start did."""

    folder: Path
    home: Path
    outside: list[tuple[int, int]]  # as it was before
    leftovers: bool
    sockets: tuple[Path, int]


def make(folder: Path, name: str) -> Making:
    """Start the servers for the first time, in a place of this name, over a cluster that was half made; then stop."""
    before = outside(folder)
    home = folder / name / "data"
    (home / "postgres.new" / "base").mkdir(parents=True)
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    with embedded_servers(home):  # which waits until the site's own passwords are taken
        sockets = socket_folder(home)
        found = (sockets.parent, mode(sockets))
    shutil.rmtree(sockets)
    return Making(folder, home, before, (home / "postgres.new").exists(), found)


@pytest.fixture(scope="module")
def making() -> Iterator[Making]:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    yield make(folder, "odd, name that is " + "long-" * 20)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def parent(making: Making) -> Iterator[subprocess.Popen[str]]:
    """The process whose servers run during these tests: on the same data, moved to where it is usual."""
    odd = making.home.parent
    with embedded_servers(making.home.rename(making.folder / "data")) as process:
        odd.rmdir()
        yield process


@pytest.fixture(scope="module")
def home(making: Making, parent: subprocess.Popen[str]) -> Path:
    """The DATA_DIR of those."""
    return making.folder / "data"


def test_sockets_and_data_are_their_owners_alone(home):
    assert {path.name: oct(mode(path)) for path in home.iterdir() if path.is_dir()} == {
        "done": "0o700",
        "logs": "0o700",
        "postgres": "0o700",
        "run": "0o700",
        "secrets": "0o700",
    }
    for folder in ("run", "secrets", "logs"):
        for path in (home / folder).iterdir():
            assert mode(path) & 0o077 == 0, path


def test_no_server_listens_on_a_port(home):
    pids = working_in(home)

    assert len(pids) >= 3  # the postmaster, a helper of its own at least, and Valkey
    assert tcp_ports_of(pids) == set()


def test_the_database_wants_the_generated_password(home):
    address = database_url(home)
    password = secret(home, "database-password")

    psycopg.connect(address).close()
    for wrong in ("", "portal", password.swapcase()):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address.replace(password, wrong))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.replace("portal:", "postgres:", 1))


def test_valkey_wants_the_generated_password(home):
    with redis.from_url(valkey_url(home)) as client:
        assert client.ping() is True
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(home / "run" / "valkey.sock"))
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(100).startswith(b"-NOAUTH")


def test_no_password_is_on_a_command_line(home):
    passwords = [path.read_text().strip() for path in (home / "secrets").iterdir()]
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in working_in(home)]

    assert [line for line in lines for password in passwords if password in line] == []


def test_the_site_owns_its_database_and_no_more(home):
    with psycopg.connect(database_url(home)) as site:
        role = site.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        facts = [site.execute(f"SHOW {name}").fetchone()[0] for name in ("server_encoding", "TimeZone", "fsync")]

        assert role == (False, False, False, False)
        assert facts == ["UTF8", "UTC", "on"]
        assert site.execute("SELECT upper('zoë'), to_tsvector('Zoë')").fetchone() == ("ZOË", "'zoë':1")
        site.execute("CREATE EXTENSION unaccent")
        site.execute("CREATE EXTENSION pg_trgm")
        assert "zoë" not in site.execute("SELECT show_trgm('Zoë')::text").fetchone()[0]  # letters, not a gap
        site.rollback()


def test_what_people_wrote_is_not_in_the_log(home):
    canary = "I-told-nobody-else"
    with psycopg.connect(database_url(home), autocommit=True) as site:
        site.execute("CREATE TABLE told (words text PRIMARY KEY, size int)")
        site.execute("INSERT INTO told VALUES (%s, 1)", [canary])
        for wrong in ("INSERT INTO told VALUES (%s, 1)", "SELECT %s::int", "INSERT INTO nowhere VALUES (%s)"):
            with pytest.raises(psycopg.Error):
                site.execute(wrong, [canary])
        site.execute("DROP TABLE told")

    assert [path for path in (home / "logs").iterdir() if canary in path.read_text()] == []


def test_servers_start_under_a_long_and_odd_path_and_over_a_half_made_cluster(making):
    assert making.sockets == (Path("/tmp"), 0o700)
    assert not making.leftovers


@pytest.mark.slow
def test_servers_start_under_a_short_and_odd_path(tmp_path):
    assert make(tmp_path, "x, y").sockets == (Path("/tmp"), 0o700)


def test_nothing_outside_is_changed_and_servers_end_with_a_killed_parent_and_start_again(making, parent, home):
    """The last of those that share a home: it leaves none."""
    with psycopg.connect(database_url(home)) as site:
        site.execute("CREATE TABLE kept (words text)")
    parent.kill()
    assert soon(lambda: not working_in(home))

    with embedded_servers(home), psycopg.connect(database_url(home)) as site:
        assert site.execute("SELECT count(*) FROM kept").fetchone() == (0,)

    assert outside(making.folder) == making.outside
    assert [path.name for path in making.folder.iterdir()] == ["data"]


@pytest.mark.slow
def test_after_a_kill_of_all_the_next_start_works_though_its_old_number_is_taken(tmp_path):
    home = tmp_path / "data"
    with embedded_servers(home) as parent:
        kill_all([parent.pid, *working_in(home)])
    lock = home / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    (home / "run" / "valkey.sock").unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(home / "run" / "valkey.sock"))

    with embedded_servers(home):
        psycopg.connect(database_url(home)).close()


@pytest.mark.slow
def test_a_frozen_old_server_is_ended_before_a_new_one_starts(tmp_path):
    home = tmp_path / "data"
    with embedded_servers(home) as parent:
        orphans = [pid for pid in working_in(home) if "autovacuum" in Path(f"/proc/{pid}/cmdline").read_text()]
        for pid in orphans:
            os.kill(pid, 19)  # SIGSTOP: it cannot notice that its server is gone
        parent.kill()

    assert orphans
    with embedded_servers(home):
        assert not set(orphans) & set(working_in(home))
        psycopg.connect(database_url(home)).close()


@pytest.mark.slow
def test_a_lost_password_is_told_in_a_sentence(tmp_path):
    home = tmp_path / "data"
    with embedded_servers(home):
        pass
    (home / "secrets" / "database-password").unlink()

    done = beside(home)
    assert done.returncode == 2
    assert done.stderr == f"The database does not know the password in {home}/secrets: put the old file back.\n"


def test_a_cluster_of_another_version_is_told_in_a_sentence(tmp_path):
    home = tmp_path / "data"
    (home / "postgres").mkdir(parents=True, mode=0o700)
    (home / "postgres" / "PG_VERSION").write_text("15\n")

    done = beside(home)
    assert done.returncode == 2
    assert "was made by PostgreSQL 15, here is 18: dump it there first." in done.stderr


# A place where root may become anybody but make no user namespace, as in most containers.
WITHOUT_NAMESPACES = """
import ctypes, os, sys
asked, ask = os.pipe()
me = os.getpid()
if (helper := os.fork()) == 0:
    os.read(asked, 1)
    for name in ("uid_map", "gid_map"):
        open(f"/proc/{me}/{name}", "w").write("0 0 65536")
    os._exit(0)
assert ctypes.CDLL(None).unshare(0x10000000) == 0
os.write(ask, b".")
assert os.waitpid(helper, 0)[1] == 0
open("/proc/sys/user/max_user_namespaces", "w").write("0")
os.execvp(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its account away")
def test_root_without_namespaces_gives_the_servers_an_account_of_their_own():
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    home = folder / "data"
    try:
        with embedded_servers(home, sys.executable, "-c", WITHOUT_NAMESPACES):
            assert (home / "postgres").stat().st_uid == (home / "run").stat().st_uid != 0
            assert (mode(home), mode(home / "postgres"), mode(home / "run")) == (0o711, 0o700, 0o700)
            psycopg.connect(database_url(home)).close()
    finally:
        shutil.rmtree(folder)


def beside(home: Path) -> subprocess.CompletedProcess[str]:
    """One command beside the servers of this folder."""
    return subprocess.run(
        [sys.executable, "-m", "portal.supervising.beside", "-c", "pass"],
        cwd=ROOT,
        env=fresh_environ(DATA_DIR=home),
        capture_output=True,
        text=True,
        check=False,
    )
