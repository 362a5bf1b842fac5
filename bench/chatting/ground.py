"""PostgreSQL and Valkey of a measurement's own, in a folder that is thrown away."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded import database_url, socket_folder, valkey_url
from portal.supervising.children import Service, end
from portal.supervising.servers import start_servers


@dataclass
class Ground:
    """The servers, and the addresses others find them at."""

    folder: Path
    crew: list[Service] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        folder = self.folder
        return {"DATA_DIR": str(folder), "DATABASE_URL": database_url(folder), "REDIS_URL": valkey_url(folder)}


@contextmanager
def durable_servers() -> Iterator[Ground]:
    """They keep their word as in real use: a commit waits for the disk."""
    ground = Ground(Path(tempfile.mkdtemp(prefix="portal-bench-")))
    try:
        start_servers(ground.folder, ground.crew, database=True, hints=True, quiet=True)
        yield ground
    finally:
        end(ground.crew)
        shutil.rmtree(socket_folder(ground.folder), ignore_errors=True)
        shutil.rmtree(ground.folder, ignore_errors=True)
