"""Somebody who has just fetched the portal types bin/run, and nothing else: what may be in the way.

That it starts with packages that are there already is in tests/portal/test_supervisor.py; long runs here fetch them.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.running import Portal, cloned, fresh_environ, working_in

PYTHON = next((path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if Path(path).exists()), "python3")


@pytest.fixture
def clone() -> Iterator[Path]:
    with cloned() as folder:
        yield folder


@pytest.fixture
def doorstep() -> Iterator[Path]:
    """As much of a clone as is read before there are packages."""
    with cloned("bin", "requirements*.txt") as folder:
        yield folder


def run(clone: Path, *before: str, **chosen: object) -> str:
    """What bin/run says when it cannot start."""
    done = subprocess.run(
        [*before, clone / "bin" / "run"],
        env=fresh_environ(**chosen),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=240,
    )
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    return done.stderr


def start(clone: Path, data_dir: Path, *before: str, **chosen: object) -> None:
    """The command of the README, the first page, and Ctrl-C."""
    with Portal(data_dir, *before, command=[str(clone / "bin" / "run")], DEMO=1, **chosen) as portal:
        assert portal.ready(180).get("/").status == 200
        assert portal.says("Sign in as juniper@example.org (patient), rosa@example.org (facilitator) or pat@")
        assert portal.stop(signal.SIGINT) < 10
        assert portal.process.returncode == 0
    assert working_in(data_dir) == []


@pytest.mark.slow
def test_one_command_fetches_the_packages_and_starts_the_demo(clone, tmp_path):
    start(clone, tmp_path / "data", PYTHON=PYTHON)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_account_can_do_it_too(clone):
    for path in (clone, *clone.rglob("*")):
        os.chown(path, 65534, 65534)

    start(
        clone, clone / "var", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", PYTHON=PYTHON, HOME=clone
    )
    assert (clone / "var" / "postgres").stat().st_uid == 65534


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    """A folder for programs that stand before the machine's own."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def test_an_old_python_is_told(doorstep, stub):
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 16))):
        (stub / name).write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2"\n')
        (stub / name).chmod(0o755)

    said = run(doorstep, PATH=f"{stub}:{os.environ['PATH']}")
    assert said.startswith("The portal needs Python 3.11 or newer, and here is Python 3.9.2: install it")


def test_a_missing_venv_module_is_told(doorstep, stub):
    (stub / "python3").write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {PYTHON} "$@"\n')
    (stub / "python3").chmod(0o755)

    said = run(doorstep, PATH=f"{stub}:{os.environ['PATH']}")
    assert said == "Python's venv module is missing: install it (Debian: apt install python3-venv) and start again.\n"


@pytest.mark.slow
def test_a_missing_network_is_told(doorstep):
    (doorstep / ".venv").mkdir()

    said = run(doorstep, PYTHON=PYTHON, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_CONFIG_FILE=os.devnull)
    assert said.startswith("The packages could not be fetched: connect this machine to the internet")


needs_mounts = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")


@needs_mounts
def test_a_folder_that_cannot_be_written_is_told(doorstep):
    locked = f'mount --bind "{doorstep}" "{doorstep}" && mount -o remount,bind,ro "{doorstep}" && exec "$@"'

    said = run(doorstep, "unshare", "--mount", "sh", "-c", locked, "sh", PYTHON=PYTHON)
    assert (
        said
        == f"The folder {doorstep} cannot be written: copy the portal to a folder of your own and start it there.\n"
    )


@needs_mounts
@pytest.mark.parametrize(
    "room", ["nr_inodes=1", *(pytest.param(f"size={n}m", marks=pytest.mark.slow) for n in (1, 25))]
)
def test_a_full_disk_is_told(doorstep, room):
    (doorstep / ".venv").mkdir()
    small = f'mount -t tmpfs -o {room} tmpfs "{doorstep}/.venv" && exec "$@"'

    said = run(doorstep, "unshare", "--mount", "sh", "-c", small, "sh", PYTHON=PYTHON)
    assert said == f"The disk that holds {doorstep} is full: free about 500 MB and start again.\n"
