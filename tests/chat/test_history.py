"""How far back people read: what was said before a member's line does not exist for them, by whatever way."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import actions, changes
from chat.access import message_for, room_for
from chat.frames import Framed
from chat.models import Message
from chat.moderation import messages
from chat.queries import groups_with_unread
from chat.refusals import NoSuchMessage
from groups.followers import Happening
from groups.membership.actions import edit_group
from groups.membership.models import Group, History
from groups.moderation import actions as moderation
from groups.sight import sight_in
from portal.accounts.models import User
from portal.errors import NotFound
from tests.cast import NOW
from tests.chat.talking import Page

CAME = NOW - timedelta(days=30)  # cast.stay lets everybody join then
BEFORE = CAME - timedelta(days=5)


@pytest.fixture
def old(room, amina, say) -> Message:
    """What Amina said before Ben and Carla came."""
    return say(amina, "From the first week", at=BEFORE)


def reads(group: Group, history: History, days: int = 30) -> None:
    Group.objects.filter(pk=group.pk).update(history=history, history_days=days)


def bodies(browser, group: Group, query: str = "") -> list[str]:
    html = browser.get(reverse("chat:room", args=[group.public_id]) + query).content.decode()
    return [text for text in ("From the first week", "Answer", "Later") if text in html]


def frames_for(user: User, room, *, at: datetime = NOW) -> list[dict]:
    """What a replay from the beginning hands to this person."""
    sight = sight_in(user.pk, room.group_id, at=at)
    steps = changes.since(room.pk, 0, limit=500).steps
    framed = [Framed(str(room.public_id), step) for step in steps]
    return [json.loads((f.event if f.is_whole_for(sight) else f.for_sight(sight))["text"]) for f in framed]


def test_each_rule_begins_where_it_says(harbor, ben, amina):
    assert harbor.history == History.JOINED  # what people wrote was meant for those who were there
    assert sight_in(ben.pk, harbor.pk, at=NOW).since == CAME
    reads(harbor, History.DAYS, 7)
    assert sight_in(ben.pk, harbor.pk, at=NOW).since == NOW - timedelta(days=7)
    reads(harbor, History.ALL)
    everything = sight_in(amina.pk, harbor.pk, at=NOW)
    assert sight_in(ben.pk, harbor.pk, at=NOW).since == everything.since == datetime(2025, 3, 4, 17, tzinfo=UTC)
    reads(harbor, History.DAYS, 7)
    assert sight_in(amina.pk, harbor.pk, at=NOW) == everything


def test_the_page_and_every_way_into_it_begin_at_the_line(harbor, room, old, ben, amina, say, signed_in):
    answer = say(amina, "Answer", reply_to=old.public_id)
    say(ben, "Later")
    bens = signed_in(ben)
    assert bodies(bens, harbor) == ["Answer", "Later"]
    assert bodies(bens, harbor, f"?to={old.public_id}") == ["Answer", "Later"]
    assert bodies(bens, harbor, f"?at={old.seq}") == ["Answer", "Later"]
    assert bodies(bens, harbor, f"?reply={old.public_id}") == ["Answer", "Later"]
    assert (
        bens.get(reverse("chat:older", args=[room.public_id]) + f"?before={answer.seq}").content.decode().strip() == ""
    )
    assert bens.get(reverse("moderation:report", args=["message", old.public_id])).status_code == 404
    assert bodies(signed_in(amina), harbor) == ["From the first week", "Answer", "Later"]
    reads(harbor, History.ALL)
    assert bodies(bens, harbor) == ["From the first week", "Answer", "Later"]


def test_a_replay_and_later_changes_show_nothing_from_before(room, old, ben, amina, say):
    say(amina, "Answer", reply_to=old.public_id)
    messages.hide(old.public_id, by=amina, at=NOW)
    messages.show(old.public_id, by=amina, at=NOW)
    heard = frames_for(ben, room)
    withheld = {"id": str(old.public_id), "seq": 1, "state": "held"}
    assert [frame["seq"] for frame in heard] == [1, 2, 3, 4]
    assert [heard[place]["message"] for place in (0, 2, 3)] == [withheld] * 3
    assert (heard[1]["message"]["body"], heard[1]["message"]["reply_to"]) == ("Answer", None)
    assert "From the first week" in json.dumps(frames_for(amina, room))


def test_who_came_and_went_before_is_not_told(harbor, room, ben, carla, sam):
    from chat.following import follow

    follow(Happening.JOINED, group=harbor, person=sam, by=None, at=BEFORE)
    follow(Happening.LEFT, group=harbor, person=sam, by=None, at=NOW)
    first, second = frames_for(ben, room)
    assert "who" not in first
    assert second["who"]["name"] == "Sam"


def test_those_who_see_the_same_share_the_same_bytes(room, old, ben, carla):
    framed = Framed("room", changes.since(room.pk, 0, limit=1).steps[0])
    bens, carlas = (sight_in(user.pk, room.group_id, at=NOW) for user in (ben, carla))
    assert framed.for_sight(bens) is framed.for_sight(carlas)
    assert framed.for_sight(bens) is not framed.event


def test_nobody_answers_changes_or_quotes_what_they_do_not_see(room, old, ben, say):
    with pytest.raises(NoSuchMessage):
        say(ben, "What was that?", reply_to=old.public_id)
    with pytest.raises(NotFound):
        message_for(ben, room.public_id, old.public_id, at=NOW)
    assert room_for(ben, room.public_id, at=NOW).sight.since == CAME


def test_only_what_can_be_read_counts_as_new(harbor, room, old, ben, amina, say):
    assert [row.unread for row in groups_with_unread(ben, now=NOW)] == [0]
    say(amina, "Hello", at=NOW - timedelta(days=9))
    assert [row.unread for row in groups_with_unread(ben, now=NOW)] == [1]
    reads(harbor, History.DAYS, 7)
    assert [(row.unread, row.last_at) for row in groups_with_unread(ben, now=NOW)] == [(0, None)]
    reads(harbor, History.ALL)
    assert [row.unread for row in groups_with_unread(ben, now=NOW)] == [2]


@pytest.mark.django_db(transaction=True)
def test_an_open_page_hears_nothing_of_old_messages_and_follows_a_new_rule(serving, harbor, room, amina, ben, eve):
    from tests.groups.membership.test_setting_up import as_it_is

    said = actions.send(amina, room.public_id, key=uuid4(), body="From the first week", at=BEFORE)
    with Page(serving("daphne"), ben) as page:
        page.enter(room.public_id)
        moderation.hide(amina, harbor.public_id, "message", said.public_id, reason="Too much.", at=timezone.now())
        page.until("change", seq=2)
        assert all(set(change["message"]) == {"id", "seq", "state"} for change in page.changes)
        edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), history=History.ALL), at=timezone.now())
        assert page.until("reset", timeout=1)["room"] == str(room.public_id)
