"""Several workers, lost hints, a locked room, a slow reader: nothing is lost, doubled or out of order."""

import json
import threading
import time
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from chat import actions
from chat.models import Message, Room
from groups.membership import actions as membership
from groups.membership.models import Membership
from portal.limits import Allowance
from tests import cast
from tests.chat.past import fill
from tests.chat.talking import Page
from tests.serving import BRISK, NOWHERE, start

pytestmark = pytest.mark.django_db(transaction=True)


ALIKE = [pytest.param((server, server), id=server, marks=pytest.mark.slow) for server in ("daphne", "uvicorn")]


@pytest.fixture(params=[pytest.param(("daphne", "uvicorn"), id="both"), *ALIKE])
def two_workers(serving, request):
    one, two = request.param
    return serving(one), serving(two, number=1 + (one == two))


def seqs(page: Page) -> list[int]:
    return [change["seq"] for change in page.changes]


def test_two_workers_share_a_room_through_hints(two_workers, room, ben, carla):
    one, two = two_workers
    with Page(one, ben) as bens, Page(two, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        time.sleep(0.3)  # the second worker may have only just begun to listen
        for number in range(5):
            bens.say(room.public_id, f"from one {number}")
            bens.until("ok")
            assert carlas.until("change", timeout=1.5, seq=2 * number + 1)
            carlas.say(room.public_id, f"from two {number}")
            carlas.until("ok")
            assert bens.until("change", timeout=1.5, seq=2 * number + 2)


def test_without_valkey_a_process_hears_of_what_others_do_and_says_that_it_is_slower(
    serving, harbor, room, amina, ben, carla, say
):
    alone = serving("daphne", **BRISK)  # the test's own deeds are another process's, of which no hint comes
    with Page(alone, ben) as bens, Page(alone, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        say(carla, "Hello", at=timezone.now())
        assert bens.until("change", timeout=3)["seq"] == 1
        bens.say(room.public_id, "Hello Carla")
        bens.until("ok", timeout=1)
        stay = Membership.objects.get(user=ben).public_id
        membership.remove_member(amina, harbor.public_id, stay, reason="Rules.", at=timezone.now())
        say(carla, "after ben left", at=timezone.now())
        bens.until("closed", timeout=3)
        assert seqs(bens) == [1, 2]
        carlas.until("change", timeout=3, seq=Room.objects.get(pk=room.pk).head_seq)
        assert seqs(carlas) == list(range(1, carlas.changes[-1]["seq"] + 1))
        while not (slower := [frame for frame in carlas.heard if frame.get("kind") == "slower"]):
            carlas.get(8)
        assert [frame["count"] for frame in slower] == [1]


@pytest.mark.slow
def test_without_valkey_everything_works_within_three_seconds(serving, harbor, room, amina, ben, carla):
    one, two = serving("daphne", valkey=NOWHERE), serving("uvicorn", valkey=NOWHERE)
    with Page(one, ben) as bens, Page(two, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        bens.say(room.public_id, "Hello")
        bens.until("ok", timeout=1)
        assert carlas.until("change", timeout=3)["seq"] == 1
        stay = Membership.objects.get(user=ben).public_id
        membership.remove_member(amina, harbor.public_id, stay, reason="Rules.", at=timezone.now())
        carlas.say(room.public_id, "after ben left")
        bens.until("closed", timeout=3)
        assert seqs(bens) == [1]
        assert carlas.until("notify", kind="slower", timeout=8)["count"] == 1


@pytest.mark.slow
def test_without_valkey_what_one_device_read_another_knows_at_its_next_beat(serving, room, ben, carla, say):
    one, two = serving("daphne", **BRISK), serving("uvicorn", **BRISK)
    for number in range(3):
        say(carla, f"{number}")
    with Page(one, ben) as phone, Page(two, ben) as desk:
        phone.enter(room.public_id)
        assert desk.enter(room.public_id)["rooms"][str(room.public_id)]["unread"] == 3
        phone.put("read", room=room.public_id, seq=2)
        told = desk.until("notify", kind="read", timeout=3.5)
        assert (told["room"], told["seq"], told["count"]) == (str(room.public_id), 2, 1)
        phone.put("unread", room=room.public_id, seq=1)
        assert desk.until("notify", kind="unread", timeout=3.5)["count"] == 3
        assert not [frame for frame in desk.quiet(4.5) if frame["op"] == "notify" and frame["kind"] != "slower"]


def test_two_hundred_messages_from_twenty_people_on_two_workers(two_workers, harbor, room):
    people = [cast.person(f"Person {number}") for number in range(20)]
    for person in people:
        cast.stay(harbor, person)
    pages = [Page(two_workers[number % 2], person) for number, person in enumerate(people)]
    for page in pages:
        page.enter(room.public_id)

    threads = [threading.Thread(target=talk, args=(page, room.public_id)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Message.objects.count() == 200
    orders = [[(c["seq"], c["message"]["body"]) for c in page.changes] for page in pages]
    assert [seq for seq, _ in orders[0]] == list(range(1, 201))
    assert all(order == orders[0] for order in orders)
    for page in pages:
        page.socket.close()


def talk(page: Page, room) -> None:
    """Ten messages, each with a key; then listen until all two hundred are here."""
    keys = {page.say(room, f"{uuid4()}") for _ in range(10)}
    while len(page.changes) < 200:
        page.get(15)
    assert {str(key) for key in keys} == {frame["key"] for frame in page.heard if frame["op"] == "ok"}


def test_a_page_that_confirms_nothing_is_closed_and_comes_back_for_the_rest(live_portal, room, ben, carla):
    fill(room, carla, upto=250)
    session = live_portal.sign_in(ben)
    with Page(live_portal, session=session, deaf=True) as deaf, Page(live_portal, carla) as carlas:
        deaf.enter(room.public_id)
        carlas.enter(room.public_id, seen=250)
        Allowance.objects.all().delete()
        for number in range(10):
            carlas.say(room.public_id, f"{number}")
            carlas.until("ok")
        assert deaf.closed() == 4408
        assert seqs(deaf) == list(range(1, 257))
    with Page(live_portal, session=session) as back:
        back.enter(room.public_id, seen=256)
        assert seqs(back) == [257, 258, 259, 260]


def test_a_long_replay_waits_for_receipts(live_portal, room, ben, carla):
    fill(room, carla, upto=480)
    with Page(live_portal, ben, deaf=True) as page:
        page.put("hello", epoch=None, rooms={str(room.public_id): 0})
        page.until("change", seq=256)
        page.quiet(0.4)
        assert seqs(page) == list(range(1, 257))
        page.put("beat", n=0, seen={str(room.public_id): 200})
        page.until("change", seq=456)
        page.quiet(0.4)
        assert seqs(page) == list(range(1, 457))
        page.put("beat", n=0, seen={str(room.public_id): 456})
        assert page.until("live")["head"] == 480
        assert seqs(page) == list(range(1, 481))


def test_a_page_that_asks_again_owes_no_more_than_it_was_told(live_portal, room, ben, carla):
    fill(room, carla, upto=200)
    with Page(live_portal, ben, deaf=True) as page:
        page.enter(room.public_id)
        for _ in range(3):
            page.put("since", room=room.public_id, seq=200)
            page.until("live")
        page.put("beat", n=0, seen={str(room.public_id): 200})
        fill(room, carla, upto=299, after=200)
        actions.send(carla, room.public_id, key=uuid4(), body="300", at=timezone.now())
        while page.seen[str(room.public_id)] < 300:
            page.get()


def test_asking_again_and_again_pays_for_nothing(live_portal, room, ben, carla):
    fill(room, carla, upto=400)
    with Page(live_portal, ben, deaf=True) as page:
        for _ in range(5):
            page.put("hello", epoch=None, rooms={str(room.public_id): 0})
            page.until("welcome")
        while len(page.changes) < 256:
            page.get()
        page.quiet(0.4)
        assert len(page.changes) == 256


def test_a_locked_room_makes_no_other_room_wait(live_portal, room, ben, carla):
    other = cast.group("Morning Light")
    cast.stay(other, carla)
    with Page(live_portal, ben) as bens, Page(live_portal, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(other.room.public_id)
        with transaction.atomic():
            Room.objects.select_for_update().get(pk=room.pk)
            stuck = [bens.say(room.public_id, f"stuck {number}") for number in range(2)]
            waits = []
            for number in range(5):
                began = time.monotonic()
                carlas.say(other.room.public_id, f"{number}")
                carlas.until("ok")
                waits.append(time.monotonic() - began)
            assert max(waits) < 0.8  # the lock is held for as long as this takes
        assert {bens.until("ok")["key"], bens.until("ok")["key"]} == {str(key) for key in stuck}
        assert list(Message.objects.filter(room=room).order_by("seq").values_list("body", flat=True)) == [
            "stuck 0",
            "stuck 1",
        ]


def test_a_room_locked_for_too_long_asks_to_try_again(live_portal, room, ben):
    with Page(live_portal, ben) as page:
        page.enter(room.public_id)
        with transaction.atomic():
            Room.objects.select_for_update().get(pk=room.pk)
            key = page.say(room.public_id, "Later")
            refused = page.until("refused")
            assert (refused["key"], refused["code"], refused["retry_after"]) == (str(key), "try_again", 2.0)
        page.say(room.public_id, "Later", key)
        assert page.until("ok")["key"] == str(key)


@pytest.mark.slow
def test_lost_database_links_are_a_reason_to_try_again_and_no_more(two_workers, room, ben):
    portal = two_workers[0]
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        for number in range(5):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            key = page.say(room.public_id, f"{number}")
            answer = answer_to(page, key)
            while answer["op"] == "refused":
                assert answer["code"] == "try_again"
                page.say(room.public_id, f"{number}", key)
                answer = answer_to(page, key)
        while len(page.changes) < 5:
            page.get()
        assert seqs(page) == [1, 2, 3, 4, 5]
        assert [change["message"]["body"] for change in page.changes] == ["0", "1", "2", "3", "4"]


def answer_to(page: Page, key) -> dict:
    while True:
        frame = page.get()
        if frame.get("key") == str(key):
            return frame


@pytest.mark.slow
def test_a_server_that_stops_sends_its_pages_to_the_next_one(serving, room, ben, tmp_path):
    # Daphne drops the links unsaid when a page's own link was still being tidied up; pages come back from both.
    for server, codes in (("daphne", (1012, 1006)), ("uvicorn", (1012,))):
        portal = start(tmp_path, server=server)
        with Page(portal, ben) as page:
            page.enter(room.public_id)
            portal.process.terminate()
            assert page.closed() in codes, server
        portal.process.wait(10)
        assert "Traceback" not in portal.said.read_text()


def test_no_text_and_no_name_passes_through_valkey(serving, room, ben, carla):
    import redis
    from django.conf import settings

    valkey = redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=0.5)
    one, two = serving("daphne"), serving("uvicorn")
    with valkey.monitor() as monitor, Page(one, ben) as bens, Page(two, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        bens.say(room.public_id, "canary in the words")
        message = bens.until("ok")["message"]
        bens.put("edit", room=room.public_id, message=message, key=uuid4(), body="canary again")
        bens.until("ok")
        bens.put("read", room=room.public_id, seq=1)
        carlas.until("change", kind="message.edited")
        passed = all_of(monitor)
    assert any("hints" in line for line in passed)
    for secret in ("canary", "Ben", "Carla", "@example.org", bens.session, carlas.session):
        assert not any(secret in line for line in passed), secret


def all_of(monitor) -> Sequence[str]:
    import redis

    lines = []
    try:
        for command in monitor.listen():
            lines.append(json.dumps(command, default=str))
    except redis.TimeoutError:
        pass
    return lines
