"""DATA_DIR belongs to one supervisor at a time. Two would fight over the servers in it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import CannotStart
from portal.supervising.logs import FULL

ROOM = 300_000_000  # bytes free on the disk, below which nothing is started


class InUse(CannotStart):
    """Another supervisor has the folder."""


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Make the folder ours alone until the end, or say who has it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise CannotStart(f"{folder} belongs to another account: start as that one, or set DATA_DIR to another folder.")
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < ROOM:
        raise CannotStart(FULL.format(folder))
    with os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = lock.read().strip() or "another process"
            raise InUse(f"A portal runs in {folder} already ({other}): stop it first.") from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"process {os.getpid()}\n")
        lock.flush()
        yield
