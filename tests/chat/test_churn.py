"""People come and go all day, servers die, readers stop reading: nothing is kept of any of them."""

import gc
import os
import signal
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.chat.talking import Page
from tests.serving import LivePortal, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TIMES = 2_000
AT_ONCE = 4


def memory(portal: LivePortal) -> int:
    """Resident bytes."""
    pages = Path(f"/proc/{portal.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def database_links() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=5)


def come_and_go(portal: LivePortal, session: str, room, times: int) -> None:
    """Open, hear that the room is live, close; some without a word."""
    for number in range(times // AT_ONCE):
        pages = [Page(portal, session=session) for _ in range(AT_ONCE)]
        for page in pages:
            page.put("hello", epoch=None, rooms={str(room): 0})
        for page in pages:
            page.until("live")
            if number % 2:
                page.socket.close()
            else:
                page.socket.socket.close()
    gc.collect()


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_two_thousand_visits_leave_nothing_behind(serving, request, tmp_path, room, ben, server):
    portal = start(tmp_path, server=server)
    request.addfinalizer(portal.process.kill)
    session = portal.sign_in(ben)
    come_and_go(portal, session, room.public_id, 400)  # what a server needs once
    time.sleep(3)
    base, links, clients = memory(portal), database_links(), len(valkey().client_list())
    come_and_go(portal, session, room.public_id, TIMES)
    deadline = time.monotonic() + 90  # a pool lets go of what it has not needed for half a minute
    while (database_links() > links or len(valkey().client_list()) > clients) and time.monotonic() < deadline:
        time.sleep(1)
    grown = memory(portal) / base - 1
    assert database_links() <= links
    assert len(valkey().client_list()) <= clients
    assert valkey().dbsize() == 0
    assert grown < 0.05, f"{grown:.1%}"
    with Page(portal, session=session) as page:  # and it still knows nobody: eight more fit
        page.enter(room.public_id)
    assert portal.stop() in (0, -signal.SIGTERM)  # uvicorn tidies up and then ends by the signal it got


def test_servers_killed_twenty_times_leave_no_key(serving, tmp_path, room, ben, carla):
    session, standing = None, serving("daphne")
    before = len(valkey().client_list())
    with Page(standing, carla) as calm:
        calm.enter(room.public_id)
        for number in range(20):
            portal = start(tmp_path, server=("daphne", "uvicorn")[number % 2])
            session = session or portal.sign_in(ben)
            with Page(portal, session=session) as page:
                page.put("hello", epoch=None, rooms={str(room.public_id): 0})
                page.until("live")
                portal.process.kill()
                portal.process.wait()
                assert page.closed() == 1006
            calm.quiet(0.05)
        calm.say(room.public_id, f"Still here at {timezone.now()}")
        calm.until("ok")
    assert valkey().dbsize() == 0
    assert len(valkey().client_list()) <= before + 4  # what stays has its own; of twenty none is left
