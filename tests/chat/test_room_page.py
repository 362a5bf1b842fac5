"""The room as a page: what it shows to whom, and writing without a script."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chat import actions
from chat.lines import NOBODY, day_words
from chat.models import Message, MessageState, ReadMark, Room, RoomState
from chat.moderation import messages
from groups.moderation.models import Sanction
from portal.accounts.models import User
from tests import cast
from tests.cast import NOW
from tests.chat.past import fill

QUERIES = 11  # the session and account, the door (4), facilitators, rooms, messages, the next session, the log


@pytest.fixture
def address(harbor) -> str:
    """The address of the room."""
    return reverse("chat:room", args=[harbor.public_id])


@pytest.fixture
def form(room) -> str:
    """Where the form goes."""
    return reverse("chat:send", args=[room.public_id])


@pytest.fixture
def chatter(room, ben, carla) -> Callable[..., Sequence[Message]]:
    """Ben and Carla take turns, one message each ten minutes."""

    def talk(count: int) -> Sequence[Message]:
        return fill(room, ben, carla, upto=count, body="Line {}", at=NOW, every=timedelta(minutes=10))

    return talk


def shown(html: str) -> list[str]:
    """The messages of a address, as words: header or not, and the text."""
    found = re.findall(r'<li class="message([^"]*)".*?<b>(.*?)</b>.*?<div class="message-text">(.*?)</div>', html, re.S)
    strip = re.compile(r"<[^>]+>|\n")
    return [f"{'' if 'follows' in css else name + ': '}{strip.sub('', text)}" for css, name, text in found]


def written(client: Client, at: str) -> list[str]:
    html = client.get(at).content.decode()
    return shown(html.split("<template data-message>")[0])


def read_by(user: User, room: Room, seq: int) -> None:
    ReadMark.objects.create(room=room, user=user, seq=seq, at=NOW)


# Reading


def test_messages_of_one_author_within_five_minutes_share_a_header(address, ben, carla, say, signed_in):
    say(ben, "Good morning")
    say(ben, "Slept *well*", at=NOW + timedelta(minutes=4))
    say(carla, "Same", at=NOW + timedelta(minutes=5))
    say(carla, "Much later", at=NOW + timedelta(minutes=10))
    assert written(signed_in(carla), address) == [
        "Ben: Good morning", "Slept well", "Carla: Same", "Carla: Much later",
    ]  # fmt: skip


def test_days_have_headings_in_the_readers_own_zone(address, ben, carla, say, signed_in):
    evening = datetime.fromisoformat("2026-03-05T04:30:00+00:00")  # 11:30pm at the clinic, 8:30pm in Los Angeles
    say(ben, "Late", at=evening)
    say(ben, "Later", at=evening + timedelta(hours=1))
    html = signed_in(carla).get(address).content.decode()
    assert re.findall(r"<h2>(.*?)</h2></li>", html) == ["Wednesday 4 March", "Thursday 5 March"]
    assert re.findall(r"<time [^>]*>(.*?)</time>", html)[:2] == ["11:30pm", "12:30am"]
    carla.time_zone = "America/Los_Angeles"
    carla.save()
    html = signed_in(carla).get(address).content.decode()
    assert re.findall(r"<h2>(.*?)</h2></li>", html) == ["Wednesday 4 March"]
    assert 'data-zone="America/Los_Angeles"' in html


def test_days_are_called_as_people_call_them():
    now = datetime(2026, 3, 4, 8, 0)
    days = [now, now - timedelta(hours=9), now - timedelta(days=2), now - timedelta(days=80)]
    assert [day_words(day, now) for day in days] == ["Today", "Yesterday", "Monday 2 March", "Sunday 14 December 2025"]


def test_the_first_message_of_others_since_i_was_here_opens_what_is_new(address, room, ben, carla, say, signed_in):
    say(ben, "Old")
    read_by(carla, room, 1)
    say(carla, "My own")
    say(ben, "News")
    html = signed_in(carla).get(address).content.decode()
    before, after = html.split('id="new"')
    assert (shown(before)[-1], shown(after)[0]) == ("Carla: My own", "Ben: News")
    assert 'id="new"' not in signed_in(ben).get(address).content.decode()


def test_who_is_here_for_the_first_time_finds_nothing_marked_as_new(address, carla, chatter, signed_in):
    chatter(3)
    assert 'id="new"' not in signed_in(carla).get(address).content.decode()


def test_the_newest_fifty_are_drawn_and_the_older_ones_are_a_link_away(address, room, carla, chatter, signed_in):
    chatter(52)
    client = signed_in(carla)
    html = client.get(address).content.decode()
    assert shown(html.split("<template")[0])[0].endswith("Line 2")
    link = re.search(r'href="(\?before=(\d+))"', html)
    assert link is not None
    assert [line[-6:] for line in written(client, address + link[1])] == ["Line 0", "Line 1"]
    piece = client.get(reverse("chat:older", args=[room.public_id]), {"before": link[2]}).content.decode()
    assert [line[-6:] for line in shown(piece)] == ["Line 0", "Line 1"]
    assert "<html" not in piece
    assert "data-before" not in piece


def test_a_page_of_the_past_leads_to_the_present_and_says_that_it_is_past(address, carla, chatter, signed_in):
    said = chatter(80)
    client = signed_in(carla)
    for spot in (f"?at={said[30].seq}", f"?to={said[30].public_id}"):
        html = client.get(address + spot).content.decode()
        lines = shown(html.split("<template data-message>")[0])
        assert (lines[0][-6:], lines[-1][-7:], len(lines)) == ("Line 6", "Line 55", 50)
        assert any(line.endswith("Line 30") for line in lines)
        assert "data-past" in html
        assert "To the newest messages" in html
    assert "data-past" not in client.get(f"{address}?at={said[70].seq}").content.decode()


def test_an_address_that_makes_no_sense_shows_the_end(address, carla, chatter, signed_in):
    chatter(2)
    client = signed_in(carla)
    for odd in ("?at=soon", "?before=-1", "?to=nobody", f"?to={cast.nobody()}", "?reply=x", f"?reply={cast.nobody()}"):
        answer = client.get(address + odd)
        assert (answer.status_code, len(shown(answer.content.decode().split("<template")[0]))) == (200, 2)


def test_what_is_hidden_or_taken_back_is_nowhere_on_the_page_not_even_in_a_quote(
    address, room, amina, ben, carla, say, signed_in
):
    hidden, removed = say(ben, "A secret dose"), say(carla, "A private thing")
    say(amina, "Let us talk", reply_to=hidden.public_id)
    messages.hide(hidden.public_id, by=amina, at=NOW)
    actions.remove(carla, room.public_id, removed.public_id, at=NOW)
    for reader in (amina, ben, carla):
        html = signed_in(reader).get(address).content.decode()
        assert shown(html.split("<template data-message>")[0]) == [
            "Ben: Hidden by a facilitator.", "Carla: Taken back by the person who wrote it.", "Amina: Let us talk",
        ]  # fmt: skip
        assert "secret dose" not in html
        assert "private thing" not in html
        assert "This is not shown any more." in html


def test_a_held_message_is_there_for_its_author_and_the_facilitators_alone(address, amina, ben, carla, say, signed_in):
    held = say(ben, "Please look at this")
    Message.objects.filter(pk=held.pk).update(state=MessageState.HELD)
    seen = {reader: signed_in(reader).get(address).content.decode() for reader in (amina, ben, carla)}
    lines = {reader: shown(html.split("<template data-message>")[0]) for reader, html in seen.items()}
    assert lines == {amina: ["Ben: Please look at this"], ben: ["Ben: Please look at this"], carla: []}
    assert "No messages yet" in seen[carla]
    assert all("A facilitator will look at this first" in seen[reader] for reader in (amina, ben))


def test_plain_words_come_along_only_while_they_can_be_changed(address, ben, carla, say, signed_in):
    say(ben, "Old and *kept*")
    say(ben, "New and *kept*", at=timezone.now())
    html = signed_in(carla).get(address).content.decode()
    assert re.findall(r'data-body="(.*?)"', html) == ["New and *kept*"]


def test_facilitators_are_marked_and_have_more_in_the_menu(address, amina, carla, say, signed_in):
    said = say(amina, "Welcome")
    member, facilitator = (signed_in(reader).get(address).content.decode() for reader in (carla, amina))
    assert '<span class="message-role">Facilitator</span>' in member
    for html in (member, facilitator):
        assert f'<a href="/chat/{said.room.public_id}/messages/{said.public_id}/" data-more>' in html  # its own page
    assert f"/reports/message/{NOBODY}/new/" in member
    assert f"/hidden/message/{NOBODY}/" in facilitator
    assert "/hidden/message/" not in member
    assert ('data-may="read write"' in member, 'data-may="read write moderate"' in facilitator) == (True, True)


def test_the_page_tells_the_script_where_it_stands_and_nobody_else_whose_room_it_is(address, room, ben, say, signed_in):
    say(ben, "Hello")
    html = signed_in(ben).get(address).content.decode()
    assert f'data-room="{room.public_id}" data-seq="1"' in html
    assert f'data-you="{ben.public_id}"' in html
    assert re.search(r"<title>(.*?)</title>", html)[1] == "Chat · Portal"
    assert ben.email not in html
    assert "Legal" not in html


@pytest.mark.parametrize(("reader", "queries"), [("carla", QUERIES), ("amina", QUERIES + 1)])
def test_the_page_asks_the_database_the_same_however_much_was_said(
    reader, queries, address, ben, say, signed_in, request
):
    client = signed_in(request.getfixturevalue(reader))
    client.get(address)  # the first page of all gives the log its name
    for count in (1, 3):
        while Message.objects.count() < count:
            say(ben, "Hello", reply_to=getattr(Message.objects.first(), "public_id", None))
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) == queries  # for who moderates also what waits for them


# Writing without a script


def test_a_form_sends_and_goes_to_the_end(address, form, ben, carla, room, signed_in):
    client, key = signed_in(ben), uuid4()
    answer = client.post(form, {"body": " Hello there\r\n", "key": key})
    assert (answer.status_code, answer["Location"]) == (302, address + "#end")
    said = Message.objects.get()
    assert (said.body, said.author, said.key) == ("Hello there", ben, key)
    assert ReadMark.objects.get(user=ben).seq == 1
    client.post(form, {"body": "Hello there", "key": key})
    assert Message.objects.count() == 1
    client.post(form, {"body": "No key is no harm"})
    assert Message.objects.count() == 2
    assert client.get(form + "?before=2")["Location"] == address + "?before=2"


def test_a_reply_begun_without_a_script_carries_what_it_answers(address, form, ben, carla, say, signed_in):
    first = say(ben, "How was *it*?")
    client = signed_in(carla)
    html = client.get(f"{address}?reply={first.public_id}").content.decode()
    assert f'name="reply_to" value="{first.public_id}"' in html
    assert "Reply to Ben" in html
    client.post(form, {"body": "Good", "key": uuid4(), "reply_to": first.public_id})
    assert Message.objects.get(author=carla).reply_to == first


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("  ", "There is nothing to send yet."),
        ("x" * 4001, "This message is too long."),
        ("half \x00", "Part of this message could not be read."),
    ],
)
def test_what_cannot_be_sent_stays_in_the_field_with_words_beside_it(form, ben, room, signed_in, body, words):
    answer = signed_in(ben).post(form, {"body": body, "key": uuid4()})
    html = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert words in html
    assert 'aria-invalid="true"' in html
    assert body.strip()[:4] in html
    assert not Message.objects.exists()


def test_a_key_that_was_used_for_other_words_is_not_given_again(form, ben, room, signed_in):
    client, key = signed_in(ben), uuid4()
    client.post(form, {"body": "One", "key": key})
    answer = client.post(form, {"body": "Two", "key": key})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert str(key) not in re.findall(r'name="key" value="(.*?)"', html)
    assert ">\nTwo</textarea>" in html


def test_writing_too_fast_is_answered_in_words_and_loses_nothing(form, ben, room, signed_in, settings):
    settings.CHAT = {**settings.CHAT, "BURST": 1}
    client = signed_in(ben)
    client.post(form, {"body": "One", "key": uuid4()})
    answer = client.post(form, {"body": "Two", "key": uuid4()})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert ">\nTwo</textarea>" in answer.content.decode()


def test_who_is_muted_reads_until_when_and_why(address, form, harbor, amina, ben, signed_in):
    now = timezone.now()
    Sanction.objects.create(
        group=harbor, user=ben, starts_at=now, ends_at=now + timedelta(hours=1), by=amina, reason="It got too heated."
    )
    html = signed_in(ben).get(address).content.decode()
    assert "It got too heated." in html
    assert "<textarea" not in html
    answer = signed_in(ben).post(form, {"body": "But", "key": uuid4()})
    assert (answer.status_code, Message.objects.exists()) == (403, False)


def test_a_room_for_reading_only_says_so(address, room, amina, ben, signed_in):
    Room.objects.filter(pk=room.pk).update(state=RoomState.READ_ONLY)
    html = signed_in(ben).get(address).content.decode()
    assert "This room is for reading only just now" in html
    assert "<textarea" not in html
    assert "<textarea" in signed_in(amina).get(address).content.decode()


def test_strangers_find_no_room_and_post_into_none(address, form, room, sam, asking, dora, signed_in):
    older = reverse("chat:older", args=[room.public_id])
    for stranger in (sam, asking, dora):
        client = signed_in(stranger)
        answers = [client.get(address), client.get(older), client.post(form, {"body": "Hi", "key": uuid4()})]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not Message.objects.exists()
