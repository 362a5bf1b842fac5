"""Many sends in one commit, each as if it were alone."""

import asyncio
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from chat.drafts import Send, Sent
from chat.models import Change, Message
from chat.refusals import KeyReused, NoSuchMessage, NotKept, RoomClosed
from chat.standing import Identity, SessionOver
from chat.text import NothingToSend
from chat.writer import AT_ONCE, Writer, write
from groups.moderation.models import Sanction
from portal.errors import TooMany
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def of(room):
    def send(who, body, key=None, **more):
        return Send(Identity.of(who), more.pop("room", room.public_id), key or uuid4(), body, **more)

    return send


def kinds(settled):
    return [type(outcome) for outcome in settled.outcomes]


def test_each_has_its_own_answer(room, harbor, of, amina, ben, carla, sam):
    Sanction.objects.create(
        group=harbor,
        user=carla,
        starts_at=timezone.now(),
        ends_at=timezone.now() + timezone.timedelta(hours=1),
        by=amina,
        reason="Heated.",
    )
    key = uuid4()
    gone = Send(Identity.of(ben, session="gone"), room.public_id, uuid4(), "x")
    sends = [
        of(ben, "one", key),
        of(sam, "stranger"),
        of(carla, "muted"),
        of(amina, ""),
        of(ben, "one", key),
        of(ben, "other words", key),
        gone,
        of(ben, "nowhere", room=cast.nobody()),
        of(ben, "answer", reply_to=cast.nobody()),
        of(amina, "two"),
    ]
    settled = write(sends, False)
    first = settled.outcomes[0]
    assert [getattr(outcome, "code", outcome) for outcome in settled.outcomes] == [
        first,
        RoomClosed.code,
        "muted",
        NothingToSend.code,
        first,
        KeyReused.code,
        SessionOver.code,
        RoomClosed.code,
        NoSuchMessage.code,
        settled.outcomes[9],
    ]
    assert [first.seq, settled.outcomes[9].seq] == [1, 2]
    assert [[step.seq for step in held.steps] for held in settled.rooms] == [[1, 2]]
    assert Message.objects.count() == Change.objects.count() == 2


def test_one_persons_limit_holds_within_a_batch_and_stops_nobody_else(of, ben, carla):
    settled = write([of(ben, f"{number}") for number in range(12)] + [of(carla, "hello")], False)
    assert kinds(settled) == [Sent] * 10 + [TooMany] * 2 + [Sent]
    assert [settled.outcomes[place].seq for place in (0, 9, 12)] == [1, 10, 11]


def test_two_rooms_are_numbered_apart(of, room, ben, carla):
    other = cast.group("Morning Light").room
    cast.stay(other.group, ben)
    settled = write([of(ben, "a"), of(ben, "b", room=other.public_id), of(carla, "c")], False)
    assert [outcome.seq for outcome in settled.outcomes] == [1, 1, 2]


def test_a_message_the_database_chokes_on_is_refused_alone(of, ben, carla):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE chat_message ADD CONSTRAINT no_poison CHECK (body <> 'poison')")
    try:
        settled = write([of(ben, "before"), of(carla, "poison"), of(ben, "after")], False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE chat_message DROP CONSTRAINT no_poison")
    assert kinds(settled) == [Sent, NotKept, Sent]
    assert list(Message.objects.order_by("seq").values_list("seq", "body")) == [(1, "before"), (2, "after")]
    assert [step.seq for held in settled.rooms for step in held.steps] == [1, 2]


def test_a_batch_costs_the_same_whatever_its_size(of, ben, carla, amina, django_assert_max_num_queries):
    write([of(who, "first") for who in (ben, carla, amina)], True)
    for size in (1, 9):
        with django_assert_max_num_queries(10) as counted:
            write([of((ben, carla, amina)[number % 3], f"{number}") for number in range(size)], True)
        assert len(counted) == 9, size


def test_rooms_keep_their_order_while_several_commits_run(of, room, pool):
    rooms = [room, cast.group("Morning Light").room, cast.group("Steady Ground").room]
    people = [[cast.person(f"P{number} {place}") for number in range(6)] for place, _ in enumerate(rooms)]
    for one, members in zip(rooms, people, strict=True):
        for person in members:
            cast.stay(one.group, person)
    heard = {one.public_id: [] for one in rooms}
    answers = {one.public_id: [] for one in rooms}

    async def talk() -> int:
        writer = Writer(lambda held: [heard[one.id].extend(step.seq for step in one.steps) for one in held])
        most = 0
        for number in range(8):
            for one, members in zip(rooms, people, strict=True):
                for person in members:
                    writer.send(of(person, f"{number}", room=one.public_id), answers[one.public_id].append)
            most = max(most, writer._running)
            await asyncio.sleep(0.005)
        while writer._tasks:
            await asyncio.wait(writer._tasks)
        return most

    assert asyncio.run(talk()) == AT_ONCE
    for one in rooms:
        assert [sent.seq for sent in answers[one.public_id]] == heard[one.public_id] == list(range(1, 49))
        assert list(Message.objects.filter(room=one).order_by("seq").values_list("body", flat=True)) == [
            f"{number}" for number in range(8) for _ in range(6)
        ]
