"""Changing and taking back one's own words, and marking how far one has read."""

from datetime import timedelta

import pytest

from chat import actions, marking
from chat.models import Change, ChangeKind, Message, MessageState, ReadMark
from chat.moderation import messages
from chat.queries import groups_with_unread
from chat.refusals import Muted, NoSuchMessage, NotYours, RoomClosed, TooLate
from chat.standing import Identity, SessionOver
from portal.audit import AuditEntry
from portal.errors import NotFound
from tests.cast import NOW
from tests.chat.test_sending import mute

LATER = NOW + timedelta(minutes=14)


def test_an_author_changes_the_words_for_a_while(room, ben, say):
    said = say(ben, "Helo")
    change = actions.edit(ben, room.public_id, said.public_id, body="Hello", at=LATER)
    said.refresh_from_db()
    assert (said.body, said.edited_at, change.kind, change.seq) == ("Hello", LATER, ChangeKind.EDITED, 2)
    assert AuditEntry.objects.get().verb == "message.edited"

    again = actions.edit(ben, room.public_id, said.public_id, body="Hello ", at=LATER)
    assert (again.seq, Change.objects.count()) == (2, 2)
    with pytest.raises(TooLate):
        actions.edit(ben, room.public_id, said.public_id, body="Hi", at=NOW + timedelta(minutes=16))


def test_nobody_else_changes_or_removes_it(room, ben, carla, amina, sam, say):
    said = say(ben, "Hello")
    for other in (carla, amina):
        with pytest.raises(NotYours):
            actions.edit(other, room.public_id, said.public_id, body="Bye", at=NOW)
        with pytest.raises(NotYours):
            actions.remove(other, room.public_id, said.public_id, at=NOW)
    for stranger in (sam,):
        with pytest.raises(NotFound):
            actions.edit(stranger, room.public_id, said.public_id, body="Bye", at=NOW)
        with pytest.raises(NotFound):
            actions.remove(stranger, room.public_id, said.public_id, at=NOW)


def test_a_muted_author_may_take_back_but_not_change(room, ben, amina, harbor, say):
    said = say(ben, "Hello")
    mute(ben, harbor, amina)
    with pytest.raises(Muted):
        actions.edit(ben, room.public_id, said.public_id, body="Hi", at=NOW)
    change = actions.remove(ben, room.public_id, said.public_id, at=NOW + timedelta(days=9))
    assert change.kind == ChangeKind.REMOVED
    assert actions.remove(ben, room.public_id, said.public_id, at=NOW).seq == change.seq
    assert Message.objects.get().state == MessageState.REMOVED


def test_what_a_facilitator_hid_its_author_cannot_change(room, ben, amina, say):
    said = say(ben, "Hello")
    messages.hide(said.public_id, by=amina, at=NOW)
    with pytest.raises(NoSuchMessage):
        actions.edit(ben, room.public_id, said.public_id, body="Hi", at=NOW)
    with pytest.raises(NoSuchMessage):
        actions.remove(ben, room.public_id, said.public_id, at=NOW)


def test_a_session_that_ended_ends_what_its_socket_does(room, ben, say):
    said = say(ben, "Hello")
    gone = Identity.of(ben, session="no-such-session")
    with pytest.raises(SessionOver):
        actions.edit(ben, room.public_id, said.public_id, body="Hi", at=NOW, session=gone)
    with pytest.raises(SessionOver):
        actions.remove(ben, room.public_id, said.public_id, at=NOW, session=gone)


def unread(user):
    return [(row.group.name, row.unread) for row in groups_with_unread(user, now=NOW)]


def test_unread_is_what_others_said_above_my_mark(room, ben, carla, amina, say):
    assert unread(ben) == [("Quiet Harbor", 0)]
    one, _, mine = say(carla, "One"), say(carla, "Two"), say(ben, "Mine")
    assert (unread(ben), unread(carla)) == ([("Quiet Harbor", 2)], [("Quiet Harbor", 1)])

    marked = marking.mark_read(ben, room.public_id, seq=one.seq, at=NOW)
    assert (marked.seq, marked.unread, unread(ben)) == (1, 1, [("Quiet Harbor", 1)])
    messages.hide(Message.objects.get(body="Two").public_id, by=amina, at=NOW)
    assert unread(ben) == [("Quiet Harbor", 0)]
    assert mine.seq == 3


def test_a_mark_never_goes_back_nor_past_the_end(room, ben, carla, say):
    say(carla, "One")
    say(carla, "Two")
    assert marking.mark_read(ben, room.public_id, seq=99, at=NOW).seq == 2
    assert marking.mark_read(ben, room.public_id, seq=1, at=NOW).seq == 2
    assert ReadMark.objects.get().seq == 2


def test_strangers_mark_nothing(room, sam, eve):
    for stranger in (sam, eve):
        with pytest.raises(RoomClosed):
            marking.mark_read(stranger, room.public_id, seq=1, at=NOW)
