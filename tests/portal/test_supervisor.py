"""What bin/run does once the packages are there: start, watch, stop, and say in a sentence what is in the way."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.assets import CONTENTS_PAGES
from portal.embedded import CannotStart, database_url, valkey_url
from portal.env import ROOT, read
from portal.supervising.children import Service, Stage, spawn
from portal.supervising.web import how_to_sign_in, listen
from tests.portal.running import (
    SUPERVISOR,
    Portal,
    free_port,
    fresh_environ,
    kill_all,
    soon,
    tcp_ports_of,
    working_in,
)


@pytest.fixture(scope="module")
def first() -> Iterator[Portal]:
    """The README's command, typed for the first time. Long runs in tests/test_newcomer.py type it in a fresh clone."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    command = [str(ROOT / "bin" / "run")] if (ROOT / ".venv" / "installed").exists() else SUPERVISOR
    with Portal(folder / "data", command=command, DEMO=1) as portal:
        yield portal.ready()
    shutil.rmtree(folder)


def test_one_command_starts_the_demo_says_ready_after_its_first_page_and_how_to_sign_in(first):
    ready = first.said.index(f"Ready: http://127.0.0.1:{first.port}")
    answer = first.get()

    assert first.said[ready + 1].startswith(
        "Sign in as juniper@example.org (patient), rosa@example.org (facilitator) or"
    )
    assert (answer.status, answer.body) == (200, b"ok")
    assert answer.getheader("Server") is None
    assert first.get("/").status == 200


def test_what_every_page_asks_for_travels_small(first):
    static = first.data_dir / "static"
    named = json.loads((static / "staticfiles.json").read_text())["paths"]

    for name in CONTENTS_PAGES:
        assert (static / f"{named[name]}.br").stat().st_size < (static / named[name]).stat().st_size / 3


def test_without_the_demo_it_says_how_the_first_admin_is_made():
    assert "bin/manage first_admin" in how_to_sign_in(read({"DEMO": "0"}))


def test_web_worker_and_servers_run_and_one_port_is_open(first):
    children = first.children()

    assert set(children) == {"daphne", "procrastinate", "/postgres", "/valkey-server"}
    assert tcp_ports_of([pid for pids in children.values() for pid in pids]) == {first.port}


@pytest.mark.slow
def test_a_stop_is_heard_while_everything_is_still_being_made(tmp_path):
    with Portal(tmp_path / "data") as portal:
        assert portal.says("Preparing the database")

        assert portal.stop(signal.SIGINT) < 10
        assert portal.process.returncode == 0
    assert working_in(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("daphne", "The web server"),
        pytest.param("procrastinate", "The worker", marks=pytest.mark.slow),
        ("/valkey-server", "Valkey"),
        ("/postgres", "PostgreSQL"),
    ],
)
def test_a_killed_child_comes_back_and_a_line_says_so(first, kind, name):
    (before,) = first.children()[kind]
    os.kill(before, signal.SIGKILL)

    assert first.says(f"{name} stopped by itself (signal SIGKILL). It starts again in 0.5 s."), first.said
    assert soon(lambda: first.children().get(kind, [before]) != [before])
    assert first.get().status == 200  # the port stayed open all the time
    assert soon(lambda: first.get("/readyz").status == 200)


@pytest.fixture(scope="module")
def stopped(first: Portal) -> Portal:
    """The same one, asked to stop."""
    first.seconds = first.stop()  # type: ignore[attr-defined]
    return first


def test_a_stop_ends_everything_in_time(stopped):
    assert stopped.process.returncode == 0
    assert stopped.seconds < 10
    assert "Stopping …" in stopped.said
    assert working_in(stopped.data_dir) == []


def test_a_demo_never_becomes_a_real_portal(stopped):
    said = refused(stopped.data_dir, DEMO=0)

    assert said.startswith("This database holds the demo people, whose password everybody knows: keep DEMO=1")


@pytest.fixture
def home(stopped: Portal, tmp_path: Path) -> Path:
    """A DATA_DIR that has been used before."""
    return shutil.copytree(stopped.data_dir, tmp_path / "data")


@pytest.fixture(scope="module")
def running(stopped: Portal) -> Iterator[Portal]:
    """A portal at work, for tests that leave it at work."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    shutil.copytree(stopped.data_dir, folder / "data")
    with Portal(folder / "data", DEMO=1) as portal:
        yield portal.ready()
    shutil.rmtree(folder)


def test_a_child_that_keeps_dying_is_started_ever_later(capsys):
    service = Service("The clock", Stage.WORKER, lambda: spawn(["false"]))
    service.begin()
    while service.deaths < 3:
        service.tend()
        time.sleep(0.01)

    assert capsys.readouterr().out.splitlines() == [
        f"The clock stopped by itself (exit code 1). It starts again in {pause} s." for pause in ("0.5", "1", "2")
    ]


@pytest.mark.slow
def test_after_a_kill_of_all_the_next_start_works(home):
    with Portal(home, DEMO=1) as portal:
        children = [pid for pids in portal.ready().children().values() for pid in pids]
        kill_all([portal.process.pid, *children])

    with Portal(home, DEMO=1, PORT=portal.port) as again, socket.socket() as slow:
        again.ready()
        assert [line for line in again.said if "…" in line] == []  # nothing is done twice
        slow.connect(("127.0.0.1", again.port))
        slow.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf")
        time.sleep(0.2)

        assert again.stop() < 10  # a visitor who never finishes does not hold it up
        assert again.process.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_several_workers_share_the_port(home, server):
    with Portal(home, DEMO=1, ASGI_SERVER=server, WORKERS=2) as portal:
        portal.ready()
        assert len(portal.children()[server]) == 2
        answers = [portal.get() for _ in range(10)]
        assert {answer.status for answer in answers} == {200}
        assert {answer.getheader("Server") for answer in answers} == {None}
        kill_all(portal.children()[server][:1])
        assert portal.says("Web server 1 stopped by itself")
        assert portal.get().status == 200

        assert portal.stop(signal.SIGHUP) < 10
        assert portal.process.returncode == 0


@pytest.mark.slow
def test_two_checkouts_side_by_side_do_not_meet(home, running):
    with Portal(home, DEMO=1) as other:
        assert other.ready().get().status == running.get().status == 200
        homes = (home, running.data_dir)
        assert len({(folder / "secrets" / "database-password").read_text() for folder in homes}) == 1  # a copy, even so
        assert len({database_url(folder) for folder in homes}) == 2
        assert len({valkey_url(folder) for folder in homes}) == 2
        assert other.stop() < 10
        assert running.get("/readyz").status == 200

    assert refused(home, PORT=running.port).startswith(f"Port {running.port} is in use.")


@pytest.mark.slow
def test_a_later_start_takes_less_than_eight_seconds(home):
    began = time.monotonic()
    with Portal(home, DEMO=1) as portal:
        portal.ready()
        assert time.monotonic() - began < 8


@pytest.mark.slow
def test_given_servers_are_used_none_is_embedded_and_the_given_address_is_opened(tmp_path, running):
    given = {"DATABASE_URL": database_url(running.data_dir), "REDIS_URL": valkey_url(running.data_dir)}
    with Portal(tmp_path / "other", HOST="::1", **given) as portal:
        portal.ready()
        assert set(portal.children()) == {"daphne", "procrastinate"}
        assert not (tmp_path / "other" / "postgres").exists()
        assert f"Ready: http://[::1]:{portal.port}" in portal.said
        assert "bin/manage first_admin" in portal.said[-1]
        assert portal.get(host="::1").status == 200
        with pytest.raises(ConnectionRefusedError):
            portal.get(host="127.0.0.1")


def refused(data_dir: Path, *before: str, code: int = 1, **chosen: object) -> str:
    """What a start says that cannot be. It is never a traceback."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "portal.supervisor"],
        cwd=ROOT,
        env=fresh_environ(DATA_DIR=data_dir, **{"PORT": free_port(), "DEMO": 0, **chosen}),
        capture_output=True,
        text=True,
        timeout=90,  # a start that is refused late has begun everything else
        check=False,
    )
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr


def test_wrong_settings_are_told_all_at_once(tmp_path):
    said = refused(tmp_path / "data", code=2, PORT="eighty", WORKERS="many", ASGI_SERVER="apache", HOST="0.0.0.0")  # noqa: S104

    assert len(said.splitlines()) == 4
    for name in ("PORT", "WORKERS", "ASGI_SERVER", "HOST"):
        assert sum(line.startswith(name) for line in said.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_port_in_use(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert refused(tmp_path / "data", PORT=port) == (
            f"Port {port} is in use. Stop the other program, or choose another port: PORT={port + 1} bin/run\n"
        )


def test_an_address_of_another_machine():
    with pytest.raises(
        CannotStart, match=r"^HOST=192\.0\.2\.1 is no address of this machine: set HOST to one that is\.$"
    ):
        listen(read({"HOST": "192.0.2.1", "SITE_URL": "https://portal.example.org"}))


@pytest.mark.slow
def test_a_data_folder_that_another_portal_has_and_children_that_end_with_it(running):
    said = refused(running.data_dir)
    assert said == f"A portal runs in {running.data_dir} already (process {running.process.pid}): stop it first.\n"

    children = [pid for pids in running.children().values() for pid in pids]
    running.process.kill()
    assert soon(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")

    assert refused(tmp_path / "data") == f"{tmp_path}/data is no folder: set DATA_DIR to one.\n"


@pytest.mark.slow
def test_a_database_that_does_not_answer_keeps_its_password_to_itself(tmp_path):
    address = f"postgres://portal:hush-hush@127.0.0.1:{free_port()}/portal"

    with Portal(tmp_path / "data", DATABASE_URL=address, REDIS_URL="redis://127.0.0.1:1") as portal:
        assert portal.says("Waiting for the database at DATABASE_URL …")
        assert portal.says("The database at DATABASE_URL does not answer: start it, or correct the address.")
        assert "hush-hush" not in "".join(portal.said)


needs_mounts = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture
def mounted(tmp_path: Path) -> Callable[[str], list[str]]:
    """The words before a command that give it a disk of its own at tmp_path/disk."""
    (tmp_path / "disk").mkdir()

    def words(options: str) -> list[str]:
        mount = f'mount -t tmpfs -o {options} tmpfs "{tmp_path}/disk" && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", mount, "sh"]

    return words


@needs_mounts
def test_a_read_only_folder(tmp_path, mounted):
    said = refused(tmp_path / "disk" / "data", *mounted("ro"))

    assert said == f"{tmp_path}/disk/data cannot be written here: set DATA_DIR to a folder that you may write to.\n"


@needs_mounts
def test_a_full_disk(tmp_path, mounted):
    said = refused(tmp_path / "disk" / "data", *mounted("size=20m"))

    assert said == (
        f"The disk that holds {tmp_path}/disk/data is full. Free some space, or set DATA_DIR to another place.\n"
    )


@pytest.mark.slow
@needs_mounts
def test_a_disk_that_fills_up_on_the_way(tmp_path, mounted):
    disk = tmp_path / "disk"
    unshare, private, sh, run, mount, name = mounted("size=340m")
    filler = f'until [ -e "{disk}/data/postgres.new" ]; do sleep 0.01; done; cat /dev/zero >"{disk}/filler"'
    said = refused(disk / "data", unshare, private, sh, run, f"({filler}) 2>&- & {mount}", name)

    assert said == f"The disk that holds {disk}/data is full. Free some space, or set DATA_DIR to another place.\n"
