"""Finding what was said: by words, people and days, and never more than the reader sees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import actions
from chat.access import room_for
from chat.models import Message, MessageState
from chat.moderation import messages
from chat.search import Part, Wanted, find_page, first_of, marked, search
from groups.membership.models import Group, History
from groups.moderation import blocking
from tests.cast import NOW


@pytest.fixture
def finds(room):
    """What somebody finds, newest first."""

    def find(who, words="", **more):
        return [one.body for one in search(room_for(who, room.public_id, at=NOW), Wanted(words, **more))]

    return find


def test_words_are_found_in_other_forms_and_in_pieces(ben, carla, say, finds):
    say(carla, "I slept badly")
    say(carla, "Sleeping is *hard* just now", at=NOW + timedelta(minutes=1))
    say(ben, "Ketamine and nausea", at=NOW + timedelta(minutes=2))
    assert finds(ben, "sleep") == ["Sleeping is *hard* just now"]
    assert finds(ben, "keta") == ["Ketamine and nausea"]
    assert finds(ben, "hard sleeping") == ["Sleeping is *hard* just now"]
    assert finds(ben, "100%_") == finds(ben, "' OR 1=1 --") == []


def test_by_who_wrote_it_and_by_day(ben, carla, say, finds):
    say(ben, "Monday", at=NOW - timedelta(days=2))
    say(carla, "Tuesday", at=NOW - timedelta(days=1))
    say(ben, "Wednesday")
    today = NOW.date()
    assert finds(carla, author=ben.public_id) == ["Wednesday", "Monday"]
    assert finds(carla, since=today - timedelta(days=1)) == ["Wednesday", "Tuesday"]
    assert finds(carla, until=today - timedelta(days=1)) == ["Tuesday", "Monday"]
    assert finds(carla, author=ben.public_id, until=today - timedelta(days=1)) == ["Monday"]


def test_what_is_held_hidden_or_taken_back_is_never_found(room, ben, carla, amina, say, finds):
    hidden, gone, held = (say(ben, f"Quiet {number}") for number in range(3))
    messages.hide(hidden.public_id, by=amina, at=NOW)
    actions.remove(ben, room.public_id, gone.public_id, at=NOW)
    Message.objects.filter(pk=held.pk).update(state=MessageState.HELD)
    assert finds(ben, "quiet") == finds(carla, "quiet") == finds(amina, "quiet") == []


def test_what_the_reader_does_not_see_is_never_found(harbor, ben, carla, amina, say, finds):
    say(amina, "Early words", at=NOW - timedelta(days=40))
    say(carla, "Words of Carla")
    say(amina, "Words of Amina")
    assert finds(ben, "words") == ["Words of Amina", "Words of Carla"]
    blocking.block(ben, carla.public_id, at=NOW)
    assert finds(ben, "words") == finds(ben, "word") == ["Words of Amina"]
    assert finds(ben, author=carla.public_id) == []
    Group.objects.filter(pk=harbor.pk).update(history=History.ALL)
    assert finds(ben, "words") == ["Words of Amina", "Early words"]


def test_found_words_are_marked_as_text():
    assert marked("One <b>sleeping</b> cat", "sleep") == [
        Part("One <b>", False),
        Part("sleeping", True),
        Part("</b> cat", False),
    ]
    assert [part.text for part in marked("x " * 100 + "needle" + " y" * 200, "needle") if part.found] == ["needle"]
    assert marked("Hello", "") == [Part("Hello", False)]


def test_more_than_a_page_goes_on(room, ben, say):
    for number in range(25):
        say(ben, f"word {number}", at=NOW + timedelta(minutes=number))
    seat = room_for(ben, room.public_id, at=NOW)
    first = find_page(seat, Wanted("word"), before=None)
    assert (len(first.hits), first.older) == (20, 6)
    second = find_page(seat, Wanted("word"), before=first.older)
    assert ([hit.said.body for hit in second.hits], second.older) == ([f"word {n}" for n in (4, 3, 2, 1, 0)], None)


def test_a_day_leads_to_its_first_message_or_the_next_one(room, ben, say):
    say(ben, "Monday", at=NOW - timedelta(days=2))
    later = say(ben, "Wednesday")
    seat = room_for(ben, room.public_id, at=NOW)
    assert first_of(seat, (NOW - timedelta(days=2)).date()).body == "Monday"
    assert first_of(seat, (NOW - timedelta(days=1)).date()).id == later.public_id
    assert first_of(seat, (NOW + timedelta(days=1)).date()) is None


def test_by_the_page(harbor, room, ben, carla, sam, say, signed_in):
    said = say(carla, "Slept <well>", at=timezone.now())
    bens, address = signed_in(ben), reverse("chat:find", args=[room.public_id])
    assert address in bens.get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    answer = bens.post(address, {"words": "slept"})
    assert answer["Location"] == address  # what was looked for stands in no address
    page = bens.get(address).content.decode()
    assert "<mark>Slept</mark> &lt;well&gt;" in page
    assert f"?to={said.public_id}#message-{said.public_id}" in page
    bens.post(address, {"words": "nothing of the kind"})
    assert "Nothing like that" in bens.get(address).content.decode()
    day = bens.get(reverse("chat:day", args=[room.public_id]), {"day": timezone.localdate().isoformat()})
    assert day["Location"].endswith(f"?to={said.public_id}#message-{said.public_id}")
    assert bens.get(reverse("chat:day", args=[room.public_id]), {"day": "soon"})["Location"].endswith("#end")
    link = reverse("chat:room", args=[harbor.public_id]) + f"?to={said.public_id}"
    assert (bens.get(link).status_code, signed_in(sam).get(link).status_code) == (200, 404)
