"""The numbered feed: no gaps, in commit order, without old texts, and enough to turn an old page into a fresh one."""

import contextlib
import json
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from chat import actions, changes
from chat.changes import MESSAGE_COLUMNS, MESSAGE_JOINS, said_from
from chat.feed import Said
from chat.following import follow
from chat.frames import Framed, change, message
from chat.models import Change, ChangeKind, Message, MessageState, ReactionKind, Room
from chat.moderation import messages
from chat.text import excerpt
from groups.followers import Happening
from portal.errors import Refusal
from tests.cast import NOW, nobody

LATER = NOW + timedelta(minutes=1)
READERS = ("anybody", "author", "facilitator")


_ALL = f"SELECT {MESSAGE_COLUMNS} FROM chat_message m {MESSAGE_JOINS} WHERE m.room_id = %s"  # noqa: S608 (constants)


def fresh(room: Room) -> list[Said]:
    """What a page drawn now shows."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [room.pk])
        return [said_from(row) for row in cursor.fetchall()]


def pages_of(room: Room) -> dict[str, dict[str, dict]]:
    """The page of each kind of reader as values, by message."""
    stands = fresh(room)
    return {reader: {str(said.id): plain(message(said, reader)) for said in stands} for reader in READERS}


def plain(value: object) -> dict:
    return json.loads(json.dumps(value, default=str))


def apply(page: dict[str, dict], step: dict) -> None:
    """What a browser does with a change: it puts the message in its place, and renews the quotes of it."""
    if "message" not in step:
        return
    new = step["message"]
    page[new["id"]] = dict(new)
    for other in page.values():
        if (other.get("reply_to") or {}).get("id") == new["id"]:
            words = excerpt(new["body"]) if new["state"] == "shown" else ""
            other["reply_to"] = {**other["reply_to"], "excerpt": words}


def hold_back(said: Message, room: Room) -> None:
    """A facilitator is to look first (comes with the screen)."""
    Message.objects.filter(pk=said.pk).update(state=MessageState.HELD, pinned_at=None, pinned_by=None)
    changes.record(changes.hold(pk=room.pk), ChangeKind.HELD, at=LATER, message=said)


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 40))])
def test_the_feed_turns_an_old_page_into_a_fresh_one(room, harbor, amina, ben, carla, say, seed):
    dice = random.Random(seed)  # noqa: S311 (a die, not a secret)
    past = []
    for turn in range(30):
        head = Room.objects.values_list("head_seq", flat=True).get(pk=room.pk)
        past.append((head, pages_of(room)))
        one_thing(dice, room, harbor, amina, [ben, carla], say, turn)
    kinds = set(Change.objects.values_list("kind", flat=True))
    assert len(kinds) >= 5

    now = pages_of(room)
    steps = changes.since(room.pk, 0, limit=999).steps
    framed = {reader: [plain(change(str(room.public_id), step, reader)) for step in steps] for reader in READERS}
    for seq, pages in past:
        assert changes.since(room.pk, seq, limit=999).steps == steps[seq:]
        for reader, page in pages.items():
            for frame in framed[reader][seq:]:
                apply(page, frame)
        assert pages == now


def one_thing(dice, room, harbor, amina, members, say, turn) -> None:
    """Somebody does something; what is refused changes nothing."""
    who = dice.choice(members)
    said = dice.choice(list(Message.objects.order_by("seq")) or [None])
    at = NOW + timedelta(seconds=10 * turn)
    deeds: list[Callable[[], object]] = [
        lambda: say(who, f"words {turn} @{dice.choice(members).display_name}", at=at),
        lambda: say(who, f"answer {turn}", at=at, reply_to=said and said.public_id),
        lambda: actions.edit(said.author, room.public_id, said.public_id, body=f"changed {turn}", at=at),
        lambda: actions.remove(said.author, room.public_id, said.public_id, at=at),
        lambda: react(dice, who, room, said, at),
        lambda: actions.pin(amina, room.public_id, said.public_id, on=dice.random() < 0.7, at=at),
        lambda: messages.hide(said.public_id, by=amina, at=at),
        lambda: messages.show(said.public_id, by=amina, at=at),
        lambda: hold_back(said, room),
        lambda: follow(Happening.JOINED, group=harbor, person=who, by=amina, at=at),
        lambda: follow(Happening.LEFT, group=harbor, person=who, by=amina, at=at),
    ]
    weights = [6, 4, 3, 1, 5, 3, 2, 2, 1, 1, 1] if said else [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    with contextlib.suppress(Refusal):
        dice.choices(deeds, weights)[0]()


def react(dice, who, room, said, at) -> None:
    kind, on = dice.choice(ReactionKind.values), dice.random() < 0.7
    actions.react(who, room.public_id, said.public_id, kind=kind, on=on, at=at)


def test_the_numbers_have_no_gap_and_no_text(room, ben, carla, amina, say):
    said = say(ben, "The first words")
    actions.edit(ben, room.public_id, said.public_id, body="Other words", at=NOW)
    messages.hide(said.public_id, by=amina, at=NOW)
    messages.hide(said.public_id, by=amina, at=NOW)
    messages.show(said.public_id, by=amina, at=NOW)
    actions.remove(ben, room.public_id, said.public_id, at=NOW)
    messages.show(said.public_id, by=amina, at=NOW)
    page = changes.since(room.pk, 0, limit=99)
    assert [(step.seq, str(step.kind)) for step in page.steps] == [
        (1, "message.sent"),
        (2, "message.edited"),
        (3, "message.hidden"),
        (4, "message.shown"),
        (5, "message.removed"),
    ]
    assert page.head == 5
    assert "words" not in "".join(Framed("room", step).event["text"] for step in page.steps)
    assert not {field.name for field in Change._meta.get_fields()} & {"body", "text"}


def test_a_held_message_is_whole_for_its_author_and_the_facilitators_only(room, ben, say):
    hold_back(say(ben, "A worrying thing"), room)
    framed = [Framed("room", step) for step in changes.since(room.pk, 0, limit=9).steps]
    for one in framed:
        assert "worrying" not in one.event["text"]
        assert "Ben" not in one.event["text"]
        assert "worrying" in one.for_author()["text"]
        assert "worrying" in one.for_facilitator()["text"]
    assert json.loads(framed[0].for_author()["text"])["message"]["key"]
    assert "key" not in json.loads(framed[0].for_facilitator()["text"])["message"]


def test_the_key_is_its_authors_alone(room, ben, say):
    said = say(ben, "Hello")
    framed = Framed("room", changes.since(room.pk, 0, limit=9).steps[0])
    assert str(said.key) in framed.for_author()["text"]
    assert str(said.key) not in framed.event["text"]
    assert framed.for_facilitator() is framed.event


def test_an_authors_frame_is_everybodys_with_the_key_at_its_end(room, ben, say):
    said = say(ben, 'Words with "quotes", a \\ and ünïcödé 🌿')
    framed = Framed("room", changes.since(room.pk, 0, limit=9).steps[0])
    mine, everybodys = (json.loads(event["text"]) for event in (framed.for_author(), framed.event))
    assert mine["message"].pop("key") == str(said.key)
    assert mine == everybodys


def test_a_page_of_the_feed_is_read_in_three_statements_at_most(room, ben, say, django_assert_num_queries):
    for number in range(3):
        say(ben, f"{number}")
    for limit in (1, 3):
        with django_assert_num_queries(2):
            assert len(changes.since(room.pk, 0, limit=limit).steps) == limit


def test_a_thing_that_is_not_there_cannot_be_found(room):
    from portal.errors import NotFound

    with pytest.raises(NotFound):
        messages.find(nobody())


def test_moderation_sees_the_text_and_where_it_stands(room, harbor, ben, amina, say):
    said = say(ben, "Hello")
    target = messages.find(said.public_id)
    assert (target.text, target.group_id, target.author, target.in_sight) == ("Hello", harbor.public_id, ben, True)
    messages.hide(said.public_id, by=amina, at=NOW)
    assert messages.find(said.public_id).hidden
    actions_left = messages.find(said.public_id)
    assert not actions_left.gone


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_gap(room, harbor, amina, ben, carla):
    from django.db import connections

    def talk(who):
        try:
            for number in range(8):
                actions.send(who, room.public_id, key=uuid4(), body=f"{number}", at=NOW)
                if number % 4 == 0:
                    said = Message.objects.filter(author=who).latest("seq")
                    actions.edit(who, room.public_id, said.public_id, body="changed", at=NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=talk, args=(who,)) for who in (amina, ben, carla)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 31))
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == list(
        Change.objects.filter(kind=ChangeKind.SENT).order_by("seq").values_list("seq", flat=True)
    )
    room.refresh_from_db()
    assert room.head_seq == 30
