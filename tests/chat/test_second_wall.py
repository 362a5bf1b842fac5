"""If a check were forgotten: the database takes no message by somebody who is not in the room's group."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat import actions, rows
from chat.feed import Said
from chat.models import Message, MessageState, Room, RoomKind
from chat.rows import NewMessage
from groups.membership.models import GroupRole, State
from groups.openings import actions as openings
from tests import cast
from tests.cast import NOW


def unchecked(room: Room, *people, at=NOW) -> None:
    """What the writer does behind its checks, without them: one statement for all."""
    messages = []
    for number, person in enumerate(people, start=room.head_seq + 1):
        said = Said(
            id=uuid4(),
            seq=number,
            key=uuid4(),
            author_pk=person.pk,
            author=person.public_id,
            name=person.display_name,
            sent_at=at,
            edited_at=None,
            reply=None,
            state=MessageState.SHOWN,
            body="Words",
            named=(),
        )
        messages.append(NewMessage(room.pk, said, b"", said.body, None))
    with transaction.atomic():
        rows.insert(messages)
    room.refresh_from_db()


def refused(room: Room, *people, at=NOW) -> None:
    before = room.messages.count(), room.head_seq
    with pytest.raises(IntegrityError):
        unchecked(room, *people, at=at)
    room.refresh_from_db()
    assert (room.messages.count(), room.head_seq) == before


def test_who_is_in_the_group_is_heard(room, ben, carla, amina):
    unchecked(room, ben, carla, amina)
    assert room.messages.count() == 3


def test_strangers_and_who_only_asked_are_not(harbor, room, sam, dora):
    refused(room, sam)
    refused(room, dora)  # facilitates another group
    for state in (State.ASKED, State.WAITLISTED, State.OFFERED):
        person = cast.person(f"One {state}")
        cast.stay(harbor, person, state=state)
        refused(room, person)


@pytest.mark.parametrize("state", [State.LEFT, State.REMOVED, State.BANNED])
def test_who_is_out_is_not_heard_any_more_and_what_they_said_before_stays_good(harbor, room, state):
    finn = cast.person("Finn")
    stay = cast.stay(harbor, finn, state=state)
    refused(room, finn, at=stay.ended_at + timedelta(seconds=1))
    unchecked(room, finn, at=stay.ended_at)
    cast.stay(harbor, finn)  # came back: a stay of its own
    unchecked(room, finn, at=NOW)
    assert room.messages.count() == 2


def test_one_stranger_among_many_stops_the_whole_statement(room, ben, carla, sam):
    refused(room, ben, sam, carla)


def test_a_back_room_hears_who_facilitates_alone(harbor, room, amina, ben):
    back = Room.objects.create(group=harbor, kind=RoomKind.BACK, created_at=NOW)
    unchecked(back, amina)
    refused(back, ben)
    harbor.memberships.filter(user=ben).update(role=GroupRole.FACILITATOR)
    unchecked(back, ben)


def test_an_admin_who_opened_the_group_reads_and_is_not_heard(harbor, room, eve):
    openings.open_group(eve, harbor.public_id, reason="A complaint", minutes=60, at=timezone.now())
    refused(room, eve, at=timezone.now())


def test_a_row_made_by_any_other_hand_is_looked_at_too(room, ben, sam):
    values = {"room": room, "key": uuid4(), "digest": b"", "body": "Words", "sent_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(author=sam, seq=1, **values)
    Message.objects.create(author=ben, seq=1, **values)


def test_what_happens_to_a_message_later_is_not_looked_at(harbor, room, amina, ben, say):
    said = say(ben, "Before")
    harbor.memberships.filter(user=ben).update(state=State.LEFT, ended_at=NOW)
    Message.objects.filter(pk=said.pk).update(body="", state=MessageState.REMOVED, edited_at=NOW)
    assert actions.react(amina, room.public_id, say(amina, "Here").public_id, kind="hope", on=True, at=NOW)
