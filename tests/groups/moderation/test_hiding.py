"""A facilitator hides a message without a report, and shows it again."""

import pytest

from chat.models import Change, Message, MessageState
from groups.membership import deeds as stays
from groups.moderation import actions
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import NOW


def state_of(message):
    return Message.objects.get(public_id=message).state


def test_a_facilitator_hides_and_shows_a_message(harbor, amina, said):
    actions.hide(amina, harbor.public_id, "message", said, reason="It hurts people.", at=NOW)
    assert state_of(said) == MessageState.HIDDEN

    actions.show(amina, harbor.public_id, "message", said, reason="I misread it.", at=NOW)
    assert state_of(said) == MessageState.SHOWN

    entries = AuditEntry.objects.filter(target_id=str(said)).order_by("pk")
    assert [(entry.verb, entry.actor, entry.reason, entry.group_id) for entry in entries] == [
        ("message.hidden", amina, "It hurts people.", harbor.public_id),
        ("message.shown", amina, "I misread it.", harbor.public_id),
    ]
    kinds = list(Change.objects.filter(message__public_id=said).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["message.sent", "message.hidden", "message.shown"]


def test_doing_it_twice_changes_nothing(harbor, amina, said):
    for _ in range(2):
        actions.hide(amina, harbor.public_id, "message", said, reason="It hurts people.", at=NOW)
    for _ in range(2):
        actions.show(amina, harbor.public_id, "message", said, reason="I misread it.", at=NOW)

    assert AuditEntry.objects.count() == 2
    assert Change.objects.filter(message__public_id=said).count() == 3


@pytest.mark.parametrize("deed", [actions.hide, actions.show])
def test_what_its_author_took_back_stays_away(deed, harbor, amina, said):
    Message.objects.filter(public_id=said).update(state=MessageState.REMOVED)

    deed(amina, harbor.public_id, "message", said, reason="Why not.", at=NOW)

    assert state_of(said) == MessageState.REMOVED
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("deed", [actions.hide, actions.show])
def test_a_reason_is_needed(deed, harbor, amina, said):
    with pytest.raises(stays.NeedsReason):
        deed(amina, harbor.public_id, "message", said, reason=" ", at=NOW)


@pytest.mark.parametrize("deed", [actions.hide, actions.show])
def test_others_neither_hide_nor_show(deed, harbor, amina, ben, carla, dora, eve, sam, asking, said):
    everybody = {ben: NotAllowed, carla: NotAllowed, eve: NotAllowed, dora: NotFound, sam: NotFound, asking: NotFound}
    for who, refusal in everybody.items():
        with pytest.raises(refusal):
            deed(who, harbor.public_id, "message", said, reason="Why not.", at=NOW)
    assert state_of(said) == MessageState.SHOWN
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("deed", [actions.hide, actions.show])
def test_a_message_of_another_group_is_not_reached(deed, harbor, amina, dora, say):
    other = dora.memberships.get().group
    theirs = say(dora, other, "Welcome here")

    for target in (theirs, cast.nobody()):
        with pytest.raises(NotFound):
            deed(amina, harbor.public_id, "message", target, reason="Why not.", at=NOW)
    assert state_of(theirs) == MessageState.SHOWN
