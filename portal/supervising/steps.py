"""What has to be done before the first page: tables, style files, demo community. Each is left out when surely done."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg

from portal.embedded import CannotStart, open_private_folder
from portal.env import ROOT, Env
from portal.supervising.children import finish
from portal.supervising.waiting import say
from portal.supervising.web import manage

PINS = [ROOT / name for name in ("requirements.txt", "portal/settings.py", "portal/assets.py")]


def migrate(env: Env, address: str, environ: Mapping[str, str]) -> None:
    """Bring the tables up to date. Left out only when this code already did it and the database says the same list.

    Two things decide what a migration would do: the files here and the list of those applied there. Both are compared.
    """
    code = _digest([*PINS, *ROOT.glob("*/migrations/*.py")])
    stamp = _stamp(env.data_dir, "migrated")
    applied = _applied(address)
    if applied and _read(stamp) == [code, applied]:
        return
    say("Preparing the database …")
    _do("migrate", "--no-input", "--verbosity=0", environ=environ)
    _write(stamp, [code, _applied(address)])


def collect_static(env: Env, environ: Mapping[str, str]) -> None:
    """Gather and name the style files and scripts, when any of them changed."""
    code = [_digest([*PINS, *(ROOT / "static").rglob("*")]), str(env.debug)]
    stamp = _stamp(env.data_dir, "static")
    if _read(stamp) == code and (env.data_dir / "static").is_dir():
        return
    say("Gathering style files and scripts …")
    stamp.unlink(missing_ok=True)
    _do("collectstatic", "--no-input", "--clear", "--verbosity=0", environ=environ)
    _write(stamp, code)


def seed_demo(env: Env, address: str, environ: Mapping[str, str]) -> None:
    """Fill the demo community, once for each database. What was a demo never becomes a real portal."""
    place = hashlib.sha256(address.encode()).hexdigest()
    stamp = _stamp(env.data_dir, "demo")
    there = _read(stamp) == place
    if there and not env.demo:
        raise CannotStart(
            "This database holds the demo people, whose password everybody knows: "
            "keep DEMO=1 for it, or set DATA_DIR to a new folder for a real portal."
        )
    if there or not env.demo:
        return
    say("Filling the demo community …")
    _do("seed_demo", environ=environ)
    _write(stamp, place)


def forget(data_dir: Path) -> None:
    """The database is new: nothing has been done to it."""
    for name in ("migrated", "demo"):
        _stamp(data_dir, name).unlink(missing_ok=True)


def _do(*words: str, environ: Mapping[str, str]) -> None:
    if finish(manage(*words, environ=environ)) != 0:
        raise CannotStart(f"“manage.py {words[0]}” did not succeed: its own words are above. Nothing was started.")


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


def _write(stamp: Path, value: object) -> None:
    draft = stamp.with_suffix(".new")
    draft.write_text(json.dumps(value))
    draft.replace(stamp)
