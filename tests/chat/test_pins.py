"""Notes at the top of a room: put there by facilitators, at most three, and gone with the message."""

import pytest
from django.urls import reverse

from chat import actions, changes
from chat.frames import change
from chat.models import Change, ChangeKind, Message
from chat.moderation import messages
from chat.refusals import NoSuchMessage, TooManyPins
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound
from tests.cast import NOW


@pytest.fixture
def pin(room):
    """Somebody pins a message, or takes it down."""
    return lambda who, said, on=True: actions.pin(who, room.public_id, said.public_id, on=on, at=NOW)


def pinned(html: str) -> list[str]:
    top = html.split('<details class="chat-pins"')[1].split("</details>")[0]
    return [row.split("<p>")[1].split("</p>")[0] for row in top.split("<li")[1:]]


def test_a_facilitator_pins_and_everybody_finds_it_at_the_top(room, harbor, amina, ben, say, signed_in, pin):
    said = say(ben, "The door is open from 5:45")
    say(ben, "Other words")
    pin(amina, said)
    pin(amina, said)  # twice changes nothing
    steps = changes.since(room.pk, 2, limit=9).steps
    assert [step.kind for step in steps] == [ChangeKind.ROOM]
    assert change("room", steps[0])["message"]["pinned"] is True
    html = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert pinned(html) == ["The door is open from 5:45"]
    pin(amina, said, on=False)
    html = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert (pinned(html), 'class="chat-pins" hidden' in html) == ([], True)
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["message.pinned", "message.unpinned"]


def test_nobody_else_pins(room, ben, eve, sam, say, pin):
    said = say(ben, "Hello")
    for who, refusal in ((ben, NotAllowed), (eve, NotAllowed), (sam, NotFound)):
        with pytest.raises(refusal):
            pin(who, said)
    assert not Message.objects.filter(pinned_at__isnull=False).exists()


def test_three_are_enough(room, amina, ben, say, pin):
    said = [say(ben, f"{number}") for number in range(4)]
    for one in said[:3]:
        pin(amina, one)
    with pytest.raises(TooManyPins):
        pin(amina, said[3])
    pin(amina, said[0], on=False)
    pin(amina, said[3])
    assert Message.objects.filter(pinned_at__isnull=False).count() == 3


def test_what_is_hidden_or_taken_back_is_pinned_no_longer(room, amina, ben, say, pin):
    hidden, removed = say(ben, "One"), say(ben, "Two")
    for one in (hidden, removed):
        pin(amina, one)
    messages.hide(hidden.public_id, by=amina, at=NOW)
    actions.remove(ben, room.public_id, removed.public_id, at=NOW)
    assert not Message.objects.filter(pinned_at__isnull=False).exists()
    with pytest.raises(NoSuchMessage):
        pin(amina, hidden)
    messages.show(hidden.public_id, by=amina, at=NOW)
    assert Change.objects.filter(kind=ChangeKind.ROOM).count() == 2


def test_the_button_stands_on_the_messages_page_for_facilitators_alone(room, amina, ben, say, signed_in):
    said = say(ben, "Hello")
    page = reverse("chat:message", args=[room.public_id, said.public_id])
    assert "Pin to the top" not in signed_in(ben).get(page).content.decode()
    answer = signed_in(amina).post(
        reverse("chat:pin", args=[room.public_id, said.public_id]), {"on": "on"}, follow=True
    )
    assert "Pinned. It stands at the top of the room." in answer.content.decode()
    assert "Unpin" in signed_in(amina).get(page).content.decode()
