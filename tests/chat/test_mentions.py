"""Naming people of the room: a mark that follows their name, and a word in the count of what is new for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat import actions, changes, marking
from chat.frames import change
from chat.mentions import Named, html_of, named_in
from chat.models import Mention
from chat.queries import groups_with_unread
from chat.refusals import TooManyMentions
from groups.membership.models import Membership, State
from portal.accounts import leaving
from tests import cast
from tests.cast import NOW


def latest(room) -> dict:
    """The message of the newest step, as everybody gets it."""
    return change("room", changes.since(room.pk, 0, limit=99).steps[-1])["message"]


def who(*names: str) -> list[Named]:
    return [Named(name, number, cast.nobody(), name) for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hello @Moss", ["Moss"]),
        ("@moss, and @MOSS!", ["moss"]),
        ("(@Grandma Dee)", ["Grandma Dee"]),
        ("@Moss and @Mossy", ["Moss", "Mossy"]),
        ("@Mosses", []),
        ("a@Moss", []),
        ("https://example.org/@Moss", []),
        ("nobody called @Sam here", []),
        ("plain words", []),
    ],
)
def test_a_name_after_the_sign_is_a_mention(text, names):
    assert [one.written for one in named_in(text, who("Moss", "Mossy", "Grandma Dee"))] == names


def test_five_are_enough():
    people = who(*"ABCDEF")
    assert len(named_in("@A @B @C @D @E @A", people)) == 5
    with pytest.raises(TooManyMentions):
        named_in("@A @B @C @D @E @F", people)


def test_the_mark_passes_both_walls_and_nothing_else_does():
    (one,) = people = who("O<b>Brien & Co")
    html = html_of("*Hi* @O<b>Brien & Co <i>x</i>", people)
    assert f'<span class="mention" data-who="{one.id}">@O&lt;b&gt;Brien &amp; Co</span>' in html
    assert "<em>Hi</em>" in html
    assert "<i>" not in html
    assert html_of("\ue0000\ue001 @nobody", people) == "<p>0 @nobody</p>\n"


def test_only_people_of_the_room_are_named(room, ben, carla, sam, say):
    say(ben, "Hello @Carla and @Sam")
    said = latest(room)
    assert said["html"].count('class="mention"') == 1
    assert f'data-who="{carla.public_id}">@Carla</span>' in said["html"]
    assert list(Mention.objects.values_list("user", flat=True)) == [carla.pk]
    assert str(sam.public_id) not in str(said)


def test_a_new_name_is_shown_everywhere_and_the_old_one_nowhere(room, harbor, ben, carla, say, signed_in):
    said = say(ben, "Thank you @Carla")
    say(carla, "Gladly", reply_to=said.public_id)
    carla.display_name = "Willow"
    carla.save()
    steps = [change("room", step)["message"] for step in changes.since(room.pk, 0, limit=9).steps]
    assert steps[0]["body"] == "Thank you @Willow"
    assert steps[1]["reply_to"]["excerpt"] == "Thank you @Willow"
    assert "Carla" not in str(steps)
    html = signed_in(ben).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert "Carla" not in html.split("chat-list")[1].split("</ol>")[0]
    say(ben, "Again", reply_to=said.public_id)
    assert latest(room)["reply_to"]["excerpt"] == "Thank you @Willow"


def test_who_has_gone_for_good_is_called_by_their_old_name_nowhere(room, ben, carla, say):
    say(ben, "Thank you, @Carla")
    said = say(ben, "And @Carla again")
    say(carla, "You are welcome", reply_to=said.public_id)
    gone = leaving.close(carla, keep_words=True, at=NOW)
    frames = [change("room", step) for step in changes.since(room.pk, 0, limit=99).steps]
    assert frames[-1]["who"] == {"id": gone.public_id, "name": gone.display_name, "gone": True}
    assert gone.display_name in frames[0]["message"]["html"]
    assert gone.display_name in frames[2]["message"]["reply_to"]["excerpt"]
    for frame in frames:
        shown = {**frame.get("message", {}), "body": ""}
        assert "Carla" not in str(shown)


def test_who_has_left_stays_called_as_then(room, ben, carla, say):
    say(ben, "Thank you @Carla")
    Membership.objects.filter(user=carla).update(state=State.LEFT, ended_at=NOW)
    carla.display_name = "Willow"
    carla.save()
    assert latest(room)["body"] == "Thank you @Carla"


def test_changed_words_name_whom_they_name_now(room, amina, ben, carla, say):
    said = say(ben, "Hello @Carla")
    actions.edit(ben, room.public_id, said.public_id, body="Hello @Amina", at=NOW)
    assert list(Mention.objects.values_list("user", flat=True)) == [amina.pk]
    names = [cast.person(f"Person {n}") for n in range(6)]
    for one in names:
        cast.stay(room.group, one)
    text = " ".join(f"@{one.display_name}" for one in names)
    with pytest.raises(TooManyMentions):
        actions.edit(ben, room.public_id, said.public_id, body=text, at=NOW)
    assert latest(room)["body"] == "Hello @Amina"


def test_too_many_in_a_new_message_are_refused_and_nothing_is_kept(room, ben, say):
    names = [cast.person(f"Person {n}") for n in range(6)]
    for one in names:
        cast.stay(room.group, one)
    with pytest.raises(TooManyMentions):
        say(ben, " ".join(f"@{one.display_name}" for one in names))
    room.refresh_from_db()
    assert room.head_seq == 0


def test_what_is_new_says_that_it_names_me_until_it_is_read(room, ben, carla, say, signed_in):
    said = say(ben, "Hello @Carla")
    named = {who: [row.named for row in groups_with_unread(who, now=NOW)] for who in (ben, carla)}
    assert named == {ben: [False], carla: [True]}
    home = signed_in(carla).get(reverse("home")).content.decode()
    assert ("With your name" in home, "1 new<" in home) == (True, True)
    marking.mark_read(carla, room.public_id, seq=said.seq, at=NOW)
    assert [row.named for row in groups_with_unread(carla, now=NOW)] == [False]


def test_the_named_persons_own_page_marks_it(room, harbor, ben, carla, say, signed_in):
    say(ben, "Hello @Carla")
    page = reverse("chat:room", args=[harbor.public_id])
    marked = ["message-for-me" in signed_in(who).get(page).content.decode() for who in (carla, ben)]
    assert marked == [True, False]


def test_a_plain_message_asks_nothing_more(room, ben, say):
    say(ben, "warm up")
    with CaptureQueriesContext(connection) as plain:
        say(ben, "plain words", at=NOW + timedelta(seconds=9))
    assert not [one for one in plain if "mention" in one["sql"].split("FROM")[0] or "groups_membership s" in one["sql"]]


def test_the_list_to_choose_from_holds_the_room_and_nobody_else(room, amina, ben, carla, sam, signed_in):
    answer = signed_in(ben).get(reverse("chat:people", args=[room.public_id]))
    assert [one["name"] for one in answer.json()["people"]] == ["Amina", "Carla"]
    assert answer["Cache-Control"] == "no-store, private"
    assert signed_in(sam).get(reverse("chat:people", args=[room.public_id])).status_code == 404
