"""PostgreSQL is gone for a while: nobody is told that something was kept, and afterwards it goes out once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from chat.models import Message
from tests.chat.talking import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@contextmanager
def no_database() -> Iterator[None]:
    """For everybody but the test: links end, and nobody gets another one."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
        try:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_what_is_sent_meanwhile_is_refused_for_now_and_goes_out_once(serving, room, ben, carla, server):
    portal = serving(server)
    with Page(portal, ben) as bens, Page(portal, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        address = f"/groups/{room.group.public_id}/chat/"
        with no_database():
            key = bens.say(room.public_id, "While it was away")
            refused = bens.until("refused", timeout=8)
            assert (refused["key"], refused["code"], refused["retry_after"]) == (str(key), "try_again", 2.0)
            answer = portal.get(bens.session, address)
            page = answer.read().decode()
            assert answer.status == 503
            assert "Traceback" not in page
            assert "OperationalError" not in page
            assert portal.get(bens.session, "/readyz").status == 503
            with Page(portal, session=bens.session) as late:
                assert late.closed(8) == 1012  # a page that comes now is asked to come back
        bens.say(room.public_id, "While it was away", key)
        assert bens.until("ok", timeout=5)["key"] == str(key)
        carlas.until("change", timeout=5)
        assert portal.get(bens.session, address).status == 200
    assert [said.body for said in Message.objects.all()] == ["While it was away"]
    assert "While it was away" not in portal.said.read_text()


def test_after_a_longer_pause_it_is_there_again_within_five_seconds(live_portal, room, ben):
    with Page(live_portal, ben) as page:
        page.enter(room.public_id)
        with no_database():
            page.quiet(18)
        began = time.monotonic()
        key = page.say(room.public_id, "At last")
        while (answer := page.get()).get("op") != "ok":
            if answer["op"] == "refused":
                page.say(room.public_id, "At last", key)
        assert time.monotonic() - began < 5
