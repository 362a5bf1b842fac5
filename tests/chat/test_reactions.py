"""A kind word in one press: once each, for all to see by name, and not from who may not write."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat import actions, changes, marking
from chat.frames import change
from chat.models import Change, ChangeKind, Message, MessageState, Reaction
from chat.moderation import messages
from chat.refusals import Muted, NoSuchMessage, NoSuchReaction
from chat.standing import Identity, SessionOver
from groups.moderation.blocking import block
from portal.errors import NotAllowed, NotFound, TooMany
from tests.cast import NOW
from tests.chat.test_sending import mute


def react(who, room, said, kind="hope", on=True, **more) -> Change:
    return actions.react(who, room.public_id, said.public_id, kind=kind, on=on, at=NOW, **more)


def given(room) -> list[tuple[str, list[str]]]:
    """What the newest step of the feed says of its message."""
    steps = changes.since(room.pk, 0, limit=99).steps
    said = change("room", steps[-1])["message"]
    return [(str(one["kind"]), [who["name"] for who in one["people"]]) for one in said.get("reactions", [])]


def test_reactions_have_names_and_stand_in_the_order_of_the_set(room, ben, carla, amina, say):
    said = say(ben, "First visit tomorrow")
    react(carla, room, said, "proud")
    react(amina, room, said, "with_you")
    assert react(carla, room, said, "with_you").kind == ChangeKind.REACTION
    assert given(room) == [("with_you", ["Amina", "Carla"]), ("proud", ["Carla"])]
    react(amina, room, said, "with_you", on=False)
    assert given(room) == [("with_you", ["Carla"]), ("proud", ["Carla"])]


def test_pressing_twice_changes_nothing(room, ben, carla, say):
    said = say(ben, "Hello")
    first = react(carla, room, said)
    assert react(carla, room, said).seq == first.seq
    assert Reaction.objects.count() == 1
    gone = react(carla, room, said, on=False)
    assert react(carla, room, said, on=False).seq == gone.seq
    assert Change.objects.filter(kind=ChangeKind.REACTION).count() == 2


def test_who_may_not_write_may_not_react(room, harbor, ben, carla, amina, sam, eve, say):
    said = say(ben, "Hello")
    mute(carla, harbor, amina)
    with pytest.raises(Muted):
        react(carla, room, said)
    with pytest.raises(NotFound):
        react(sam, room, said)
    with pytest.raises(NotAllowed):
        react(eve, room, said)
    with pytest.raises(SessionOver):
        react(ben, room, said, session=Identity.of(ben, session="no-such-session"))
    assert not Reaction.objects.exists()


def test_only_the_set_and_only_what_is_shown(room, ben, carla, amina, say):
    said = say(ben, "Hello")
    with pytest.raises(NoSuchReaction):
        react(carla, room, said, "thumbs_down")
    react(carla, room, said)
    messages.hide(said.public_id, by=amina, at=NOW)
    assert given(room) == []
    with pytest.raises(NoSuchMessage):
        react(amina, room, said)
    messages.show(said.public_id, by=amina, at=NOW)
    assert given(room) == [("hope", ["Carla"])]


def test_a_storm_of_presses_has_to_wait(room, ben, carla, say):
    said = say(ben, "Hello")
    for press in range(20):
        react(carla, room, said, on=press % 2 == 0)
    with pytest.raises(TooMany) as refused:
        react(carla, room, said)
    assert refused.value.retry_after == 1.0


def test_reactions_count_as_nothing_new(room, ben, carla, say):
    from chat.queries import groups_with_unread

    said = say(ben, "Hello")
    marking.mark_read(carla, room.public_id, seq=said.seq, at=NOW)
    react(ben, room, said)
    assert [row.unread for row in groups_with_unread(carla, now=NOW)] == [0]


# On pages


@pytest.fixture
def address(room):
    """Where one message has a page of its own."""
    return lambda said, what="message": reverse(f"chat:{what}", args=[room.public_id, said.public_id])


def test_the_room_shows_them_with_names(room, harbor, ben, carla, say, signed_in):
    react(carla, room, say(ben, "Hello"))
    html = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert f'<span class="reaction" data-who="{carla.public_id} ">Hope</span>' in html
    assert "<b>Hope</b> Carla" in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_messages_reads_all_reactions_at_once(room, harbor, ben, carla, say, signed_in, count):
    from tests.chat.test_room_page import QUERIES

    for number in range(count):
        react(carla, room, say(ben, f"{number}"))
    client = signed_in(ben)
    client.get(reverse("chat:room", args=[harbor.public_id]))  # the first page of all gives the log its name
    with CaptureQueriesContext(connection) as asked:
        html = client.get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert html.count('class="reaction"') == count
    assert len(asked) == QUERIES


def test_without_a_script_a_message_has_a_page_to_react_on(room, ben, carla, say, signed_in, address):
    said = say(ben, "Hello")
    client = signed_in(carla)
    assert "Nobody has reacted yet." in client.get(address(said)).content.decode()
    answer = client.post(address(said, "reactions"), {"put": "same_here"}, follow=True)
    assert answer.redirect_chain == [(address(said), 302)]
    html = answer.content.decode()
    assert "<dt>Same here</dt><dd>Carla</dd>" in html
    assert 'name="take" value="same_here" aria-pressed="true"' in html
    client.post(address(said, "reactions"), {"take": "same_here"})
    assert not Reaction.objects.exists()
    assert client.post(address(said, "reactions"), {"put": "nonsense"}).status_code == 400


def test_without_a_script_ones_own_words_are_changed_and_taken_back(room, ben, carla, signed_in, address, say):
    from django.utils import timezone

    said = say(ben, "Helo", at=timezone.now())
    mine: Client = signed_in(ben)
    page = mine.get(address(said)).content.decode()
    assert "Keep the change" in page
    assert "Keep the change" not in signed_in(carla).get(address(said)).content.decode()
    refused = mine.post(address(said, "words"), {"body": "  "})
    assert refused.status_code == 422
    assert "There is nothing to send yet." in refused.content.decode()
    kept = mine.post(address(said, "words"), {"body": "Hello"}, follow=True)
    assert "Your message is changed." in kept.content.decode()
    assert Message.objects.get().body == "Hello"
    gone = mine.post(address(said, "removal"), follow=True)
    assert "You took your message back." in gone.content.decode()
    assert Message.objects.get().state == MessageState.REMOVED
    assert "Take it back" not in mine.get(address(said)).content.decode()
    assert "Hello" not in mine.get(address(said)).content.decode().split("</header>")[-1].split("<footer")[0]


def test_after_a_quarter_of_an_hour_words_stay(room, ben, say, signed_in, address):
    said = say(ben, "Helo")  # long ago
    html = signed_in(ben).get(address(said)).content.decode()
    assert "Keep the change" not in html
    assert "Take it back" in html
    assert signed_in(ben).post(address(said, "words"), {"body": "Hello"}).status_code == 409


def test_what_is_held_back_has_no_page_for_others(room, ben, carla, amina, say, signed_in, address):
    said = say(ben, "Hello")
    Message.objects.update(state=MessageState.HELD)
    found = [signed_in(who).get(address(said)).status_code for who in (ben, amina, carla)]
    assert found == [200, 200, 404]


def test_whom_one_blocks_reacts_unseen(room, harbor, amina, ben, carla, say, signed_in):
    said = say(amina, "Hello")
    react(carla, room, said)
    react(ben, room, said, "proud")
    block(ben, carla.public_id, at=NOW)
    seen = {}
    for who in (amina, ben, carla):
        html = signed_in(who).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
        seen[who.display_name] = [kind for kind in ("Hope", "Proud of you") if f"<b>{kind}</b>" in html]
    assert seen == {"Amina": ["Hope", "Proud of you"], "Ben": ["Proud of you"], "Carla": ["Hope"]}
