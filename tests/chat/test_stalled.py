"""A reader that never reads costs its own link and nothing else."""

import os
import socket
import time

import pytest

from bench.chatting import stalling
from chat.models import Message, Room
from tests.chat.past import fill
from tests.chat.talking import Page
from tests.serving import LivePortal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def memory(process) -> int:
    with open(f"/proc/{process.pid}/statm") as status:
        return int(status.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def links(port: int) -> int:
    """Links the server holds open."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_page_that_reads_nothing_is_cut_off(serving, room, ben, carla, server):
    portal = serving(server)
    fill(room, carla, upto=400)
    Message.objects.update(body="x" * 3900)
    with Page(portal, carla) as calm:
        calm.enter(room.public_id, seen=400)
        held = links(portal.port)
        stalled = [stall(portal, portal.sign_in(ben), room)]
        time.sleep(3)  # what reading the past once takes is given to the process by now
        before = memory(portal.process)
        stalled += [stall(portal, portal.sign_in(ben), room) for _ in range(6)]
        time.sleep(3)
        assert links(portal.port) >= held + 7
        waits = []
        for number in range(6):
            began = time.monotonic()
            calm.say(room.public_id, f"{number}")
            calm.until("ok")
            waits.append(time.monotonic() - began)
        assert max(waits) < 1
        assert memory(portal.process) - before < 6 * 1024 * 1024
        deadline = time.monotonic() + 60
        while links(portal.port) > held + 1 and time.monotonic() < deadline:
            calm.quiet(1)
        assert links(portal.port) <= held + 1
    for link in stalled:
        link.close()


def stall(portal: LivePortal, session: str, room: Room) -> socket.socket:
    """A page of theirs that reads no byte."""
    return stalling.stall(portal.port, portal.url, portal.cookie(session), str(room.public_id))
