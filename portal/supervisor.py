"""What `bin/run` becomes: prepares, starts and watches the servers, the site and its worker; stops them in order."""

import errno
import os
import sys
from contextlib import ExitStack

import psycopg

from portal.embedded import CannotStart, database_url
from portal.env import BadSettings, Env, read
from portal.supervising import steps, web
from portal.supervising.children import Service, Stage, end
from portal.supervising.claim import claimed
from portal.supervising.logs import FULL
from portal.supervising.servers import start_servers
from portal.supervising.waiting import StopAsked, pause, say, take_signals, until

PATIENCE = 3  # deaths of one process before the first page, after which starting is given up


def main() -> int:
    """Run the portal until it is told to stop. Returns the exit code."""
    os.umask(0o077)
    try:
        env = read()
    except BadSettings as problems:
        print(problems, file=sys.stderr)
        return 2
    take_signals()
    try:
        with ExitStack() as held:
            try:
                run(env, held)
            except StopAsked:
                say("Stopping …")
                return 0
    except CannotStart as problem:
        print(problem, file=sys.stderr)
    except psycopg.Error as problem:
        print(f"The database answered with a problem: {problem} Nothing was started.", file=sys.stderr)
    except OSError as problem:
        print(_sentence(problem, env), file=sys.stderr)
    return 1


def run(env: Env, held: ExitStack) -> None:
    """Start everything in order, say Ready, and look after it until StopAsked is raised."""
    held.enter_context(claimed(env.data_dir))
    door = held.enter_context(web.listen(env))
    crew: list[Service] = []
    held.callback(end, crew)
    environ = web.children_environ(env)

    start_servers(env.data_dir, crew, database=not env.database_url, hints=not env.redis_url)
    address = env.database_url or database_url(env.data_dir)
    if env.database_url and not _reachable(address):
        say("Waiting for the database at DATABASE_URL …")
        if not until(lambda: _reachable(address), seconds=30, every=1):
            raise CannotStart("The database at DATABASE_URL does not answer: start it, or correct the address.")
    steps.refuse_a_demo_that_turns_real(env, address)
    steps.prepare(env, address, environ)

    site = [Service("The worker", Stage.WORKER, lambda: web.start_worker(environ))]
    for number in range(env.workers):
        name = "The web server" if env.workers == 1 else f"Web server {number + 1}"
        site.append(Service(name, Stage.WEB, lambda: web.start_web(env, door, environ)))
    crew += site
    for service in site:
        service.begin()
    wait_for_the_first_page(env, crew)
    say(f"Ready: {env.site_url}")
    say(f"{web.how_to_sign_in(env)} Ctrl-C stops the portal.")
    while True:
        pause(min(service.tend() for service in crew))


def wait_for_the_first_page(env: Env, crew: list[Service]) -> None:
    """Until a real request is answered: only then is it true that the portal is ready."""
    while not web.answers(env):
        for service in crew:
            service.tend()
            if service.deaths >= PATIENCE:
                raise CannotStart(f"{service.name} could not be started: its own words are above.")
        pause(0.1)


def _reachable(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _sentence(problem: OSError, env: Env) -> str:
    match problem.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return FULL.format(env.data_dir)
        case errno.EROFS | errno.EACCES | errno.EPERM:
            place = problem.filename or env.data_dir
            return f"{place} cannot be written here: set DATA_DIR to a folder that you may write to."
        case errno.ENOTDIR | errno.EEXIST:
            return f"{env.data_dir} is no folder: set DATA_DIR to one."
    return f"The portal could not start: {problem}. Set DATA_DIR to another folder, or mend this one."


if __name__ == "__main__":
    sys.exit(main())
