"""Where the embedded PostgreSQL and Valkey listen, and the secrets that open them. Read by settings: no Django here."""

import contextlib
import hashlib
import os
import re
import secrets
import stat
from pathlib import Path
from urllib.parse import quote

DATABASE = "portal"
OWNER = "portal"  # the role the site signs in as: owner of its database, not a superuser

LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432")  # a socket's path ends at 107 bytes
AWKWARD = re.compile(r'[^\x21-\x7e]|[,"\\]')  # libpq splits a host at commas; the servers' own quoting differs


class CannotStart(Exception):
    """A reason not to start: one sentence for the person at the terminal that says what to do."""


def database_url(data_dir: Path) -> str:
    """The embedded database's address: a socket in a private folder, a role and its generated password."""
    password = secret(data_dir, "database-password")
    return f"postgres://{OWNER}:{password}@/{DATABASE}?host={quote(str(socket_folder(data_dir)), safe='')}"


def valkey_url(data_dir: Path) -> str:
    """The embedded Valkey's address."""
    password = secret(data_dir, "valkey-password")
    return f"unix://:{password}@{quote(str(socket_folder(data_dir) / 'valkey.sock'))}?db=0"


def socket_folder(data_dir: Path) -> Path:
    """The folder of the sockets: under DATA_DIR, or in /tmp when that path is too long or odd for a socket."""
    own = data_dir.resolve() / "run"
    if len(os.fsencode(own)) <= LONGEST_FOLDER and not AWKWARD.search(str(own)):
        return own
    # A secret is part of the name, so nobody can take the name first; the path is, so a copied DATA_DIR gets its own.
    seed = f"{secret(data_dir, 'socket-folder')} {os.geteuid()} {data_dir.resolve()}"
    return Path("/tmp") / f"portal-{hashlib.sha256(seed.encode()).hexdigest()[:24]}"  # noqa: S108 # nosec B108


def open_private_folder(folder: Path, *, owner: int | None = None) -> Path:
    """Make a folder that only its owner may enter, or check that it is one. Never follows a planted link."""
    owner = os.geteuid() if owner is None else owner
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
        if owner != os.geteuid():
            os.chown(folder, owner, -1)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise CannotStart(f"{folder} must be a folder of your own. Move it away and start again.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def secret(data_dir: Path, name: str) -> str:
    """A secret kept under DATA_DIR: made once, the same ever after, readable by its owner alone."""
    folder = open_private_folder(data_dir.resolve() / "secrets")
    path = folder / name
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle) as file:
        if stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
            os.fchmod(handle, 0o600)
        value = file.read().strip()
    if len(value) < 32:
        raise CannotStart(f"{path} should hold a long secret but is empty or too short. Put the old one back.")
    return value


def _write_once(path: Path, value: str) -> None:
    """Write it whole, then give it its name: of two processes that start together, one wins and both read its value."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(handle)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
