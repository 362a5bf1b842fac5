"""Saying something: who may, what is kept, and that sending again is harmless."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chat import actions
from chat.models import Change, ChangeKind, Message, Room, RoomState
from chat.refusals import KeyReused, Muted, NoSuchMessage, ReadOnly, RoomClosed
from chat.text import NothingToSend, OddCharacters, TooLong
from groups.moderation.models import Sanction
from portal.errors import NotAllowed, TooMany
from tests import cast
from tests.cast import NOW


def mute(user, group, by, minutes=30):
    ends = NOW + timedelta(minutes=minutes)
    return Sanction.objects.create(group=group, user=user, starts_at=NOW, ends_at=ends, by=by, reason="Heated.")


def test_a_member_says_something_and_it_takes_the_next_number(room, ben, carla, say):
    first, second = say(ben, "Hello"), say(carla, " Hello Ben\r\n")
    assert (first.seq, second.seq, second.body) == (1, 2, "Hello Ben")
    room.refresh_from_db()
    assert room.head_seq == 2
    assert [(c.seq, c.kind, c.message, c.actor) for c in Change.objects.order_by("seq")] == [
        (1, ChangeKind.SENT, first, ben),
        (2, ChangeKind.SENT, second, carla),
    ]


def test_strangers_learn_nothing(room, ben, sam, dora, asking, say):
    for stranger in (sam, dora, asking):
        with pytest.raises(RoomClosed) as refused:
            say(stranger, "Hello")
        with pytest.raises(RoomClosed) as absent:
            actions.send(stranger, cast.nobody(), key=uuid4(), body="Hello", at=NOW)
        assert refused.value.as_frame() == absent.value.as_frame()
    assert not Message.objects.exists()


def test_an_admin_belongs_but_may_not_write(room, eve, say):
    with pytest.raises(NotAllowed):
        say(eve, "Hello")


def test_the_same_key_gives_the_first_answer_again(room, ben, amina, harbor, say):
    key = uuid4()
    first = say(ben, "Once", key=key)
    assert say(ben, "Once ", key=key) == first
    mute(ben, harbor, amina)
    assert say(ben, "Once", key=key) == first
    with pytest.raises(KeyReused):
        say(ben, "Twice", key=key)
    assert (Message.objects.count(), Change.objects.count()) == (1, 1)


def test_two_people_may_choose_the_same_key(room, ben, carla, say):
    key = uuid4()
    assert say(ben, "Mine", key=key) != say(carla, "Mine", key=key)


def test_a_muted_member_is_told_until_when(room, ben, amina, harbor, say):
    mute(ben, harbor, amina)
    with pytest.raises(Muted) as refused:
        say(ben, "Hello")
    assert refused.value.message == "A facilitator asked you to pause until Wed 4 Mar, 12:30pm. You can still read."
    assert say(ben, "Back again", at=NOW + timedelta(minutes=30)).seq == 1


def test_a_read_only_room_is_for_facilitators(room, ben, amina, say):
    Room.objects.update(state=RoomState.READ_ONLY)
    with pytest.raises(ReadOnly):
        say(ben, "Hello")
    assert say(amina, "The room opens at 9.").seq == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [("", NothingToSend), (" \n", NothingToSend), ("a" * 4001, TooLong), ("a\x00", OddCharacters)],
)
def test_what_cannot_be_kept_is_refused(room, ben, say, body, refusal):
    with pytest.raises(refusal):
        say(ben, body)


def test_a_reply_names_a_message_of_the_same_room(room, ben, carla, say):
    first = say(ben, "How was it?")
    assert say(carla, "Good", reply_to=first.public_id).reply_to == first
    other = cast.group("Morning Light")
    cast.stay(other, ben)
    elsewhere = actions.send(ben, other.room.public_id, key=uuid4(), body="There", at=NOW)
    for missing in (elsewhere.public_id, cast.nobody()):
        with pytest.raises(NoSuchMessage):
            say(carla, "Good", reply_to=missing)


def test_a_person_may_say_ten_things_at_once_and_one_more_every_two_seconds(room, ben, carla, say):
    for number in range(10):
        say(ben, f"{number}")
    with pytest.raises(TooMany) as refused:
        say(ben, "eleven")
    assert refused.value.retry_after == 2
    say(carla, "Others may go on")
    say(ben, "eleven", at=NOW + timedelta(seconds=2))
