"""The embedded servers together, for the supervisor and for single commands beside it."""

from pathlib import Path

from portal.supervising import postgres, steps, valkey
from portal.supervising.children import Service, Stage
from portal.supervising.identity import AS_WE_ARE
from portal.supervising.waiting import say


def start_servers(
    data_dir: Path, crew: list[Service], *, database: bool, hints: bool, durable: bool = True, quiet: bool = False
) -> None:
    """Start PostgreSQL and Valkey, those asked for, and wait until they answer. They join the crew as they start."""
    identity = AS_WE_ARE
    if database:
        server = postgres.Postgres.of(data_dir, durable=durable)
        identity = server.identity
        if not server.cluster.exists() and not quiet:
            say(f"Making a database under {data_dir} …")
        if server.prepare():
            steps.forget(data_dir)
        crew.append(Service("PostgreSQL", Stage.DATABASE, server.start))
        postgres.come_up(server, crew[-1].begin())
    if hints:
        cache = valkey.Valkey(data_dir, identity)
        crew.append(Service("Valkey", Stage.HINTS, cache.start))
        valkey.come_up(cache, crew[-1].begin())
