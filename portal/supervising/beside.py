"""Run one Python command beside the portal's servers: `python -m portal.supervising.beside manage.py migrate`.

If bin/run is at work its servers are used; otherwise they are started for the command. With --throwaway they, and all
data, are new and gone afterwards: that is how the tests run."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from portal.embedded import CannotStart, database_url, socket_folder, valkey_url
from portal.env import ROOT, BadSettings, read
from portal.supervising.children import Service, end, spawn, stop
from portal.supervising.claim import InUse, claimed
from portal.supervising.servers import start_servers
from portal.supervising.waiting import StopAsked, pause, take_signals


def main(words: Sequence[str]) -> int:
    """Run the command. Returns its exit code."""
    os.umask(0o077)
    take_signals(interrupts=False)
    try:
        with ExitStack() as held:
            if words[:1] == ["--throwaway"]:
                return _run(words[1:], held.enter_context(throwaway()))
            return _run(words, held.enter_context(_at_home()))
    except StopAsked:
        return 128 + signal.SIGTERM
    except (BadSettings, CannotStart, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2


@contextmanager
def throwaway() -> Iterator[dict[str, str]]:
    """New servers with data that nobody will miss. Gives what a process needs to reach them."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    crew: list[Service] = []
    try:
        start_servers(folder, crew, database=True, hints=True, durable=False, quiet=True)
        yield {"DATA_DIR": str(folder), "DATABASE_URL": database_url(folder), "REDIS_URL": valkey_url(folder)}
    finally:
        end(crew)
        shutil.rmtree(socket_folder(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _at_home() -> Iterator[dict[str, str]]:
    env = read()
    crew: list[Service] = []
    with ExitStack() as held:
        if not (env.database_url and env.redis_url):
            try:
                held.enter_context(claimed(env.data_dir))
                held.callback(end, crew)
                start_servers(env.data_dir, crew, database=not env.database_url, hints=not env.redis_url)
            except InUse:
                pass
        yield {"DATA_DIR": str(env.data_dir)}


def _run(words: Sequence[str], addresses: Mapping[str, str]) -> int:
    child = spawn([sys.executable, *words], environ=os.environ | addresses, cwd=ROOT, foreground=True)
    try:
        while child.poll() is None:
            pause(30)
    finally:
        stop([child], [(signal.SIGTERM, 10.0)])
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
