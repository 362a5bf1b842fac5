"""What has to be done before the first page: tables, style files, demo community. Each is left out when surely done."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from portal.embedded import CannotStart, open_private_folder
from portal.env import ROOT, Env
from portal.supervising.children import finish
from portal.supervising.web import manage

PINS = [ROOT / name for name in ("requirements.txt", "portal/settings.py", "portal/assets.py")]
QUIETLY = {"interactive": False, "verbosity": 0}


@dataclass(frozen=True)
class Step:
    """A command of manage.py, what is said meanwhile, and the stamp that tells the next start it is done."""

    command: str
    options: Mapping[str, Any]
    saying: str
    stamp: Path
    done: Callable[[], object]  # what the stamp says from then on

    def begin(self) -> None:
        """From here on nobody takes it for done, also when it breaks off."""
        self.stamp.unlink(missing_ok=True)

    def end(self) -> None:
        draft = self.stamp.with_suffix(".new")
        draft.write_text(json.dumps(self.done()))
        draft.replace(self.stamp)


def prepare(env: Env, address: str, environ: Mapping[str, str]) -> None:
    """Do what is needed, in one process: to read Django anew takes longer than most steps."""
    if not list(needed(env, address)):
        return
    finish(manage("prepare", environ=environ))
    for left in needed(env, address):
        raise CannotStart(f"“manage.py {left.command}” did not succeed: its own words are above. Nothing was started.")


def needed(env: Env, address: str) -> Iterator[Step]:
    """What is not surely done yet, in the order of doing it."""
    for step, is_done in (_migrating(env, address), _collecting(env), _seeding(env, address)):
        if not is_done:
            yield step


def refuse_a_demo_that_turns_real(env: Env, address: str) -> None:
    """What was a demo never becomes a real portal."""
    if not env.demo and _read(_stamp(env.data_dir, "demo")) == _place(address):
        raise CannotStart(
            "This database holds the demo people, whose password everybody knows: "
            "keep DEMO=1 for it, or set DATA_DIR to a new folder for a real portal."
        )


def _migrating(env: Env, address: str) -> tuple[Step, bool]:
    """Bring the tables up to date. Left out only when this code already did it and the database says the same list.

    Two things decide what a migration would do: the files here and the list of those applied there. Both are compared.
    """
    code = _digest([*PINS, *ROOT.glob("*/migrations/*.py")])
    stamp = _stamp(env.data_dir, "migrated")
    step = Step("migrate", QUIETLY, "Preparing the database …", stamp, lambda: [code, _applied(address)])
    applied = _applied(address)
    return step, bool(applied) and _read(stamp) == [code, applied]


def _collecting(env: Env) -> tuple[Step, bool]:
    """Gather and name the style files and scripts, when any of them changed."""
    code = [_digest([*PINS, *(ROOT / "static").rglob("*")]), str(env.debug)]
    stamp = _stamp(env.data_dir, "static")
    options = QUIETLY | {"clear": True}
    step = Step("collectstatic", options, "Gathering style files and scripts …", stamp, lambda: code)
    return step, _read(stamp) == code and (env.data_dir / "static").is_dir()


def _seeding(env: Env, address: str) -> tuple[Step, bool]:
    """Fill the demo community, once for each database."""
    place = _place(address)
    stamp = _stamp(env.data_dir, "demo")
    step = Step("seed_demo", {}, "Filling the demo community …", stamp, lambda: place)
    return step, not env.demo or _read(stamp) == place


def forget(data_dir: Path) -> None:
    """The database is new: nothing has been done to it."""
    for name in ("migrated", "demo"):
        _stamp(data_dir, name).unlink(missing_ok=True)


def _place(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _applied(address: str) -> list[list[str]]:
    with psycopg.connect(address, connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return []
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return [list(row) for row in rows]


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        total.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _stamp(data_dir: Path, name: str) -> Path:
    return open_private_folder(data_dir.resolve() / "done") / f"{name}.json"


def _read(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text())
    except (FileNotFoundError, ValueError):
        return None
