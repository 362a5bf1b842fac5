"""Whoever loses a right loses it on every open socket at once."""

import time

import pytest
from django.utils import timezone

from groups.membership import actions as membership
from groups.membership.models import Membership
from groups.moderation import actions as moderation
from portal.accounts import actions as accounts
from portal.accounts.models import User
from tests.chat.talking import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["daphne", pytest.param("uvicorn", marks=pytest.mark.slow)])
def portal(serving, request):
    return serving(request.param)


def stay(group, user):
    return Membership.objects.get(group=group, user=user).public_id


def test_a_removed_member_is_told_at_once_and_hears_nothing_more(portal, harbor, room, amina, ben, carla):
    with Page(portal, ben) as bens, Page(portal, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        membership.remove_member(amina, harbor.public_id, stay(harbor, ben), reason="Rules.", at=timezone.now())
        assert bens.until("closed", timeout=1) == {
            "op": "closed",
            "room": str(room.public_id),
            "code": "not_in_room",
        }
        for number in range(5):
            carlas.say(room.public_id, f"after ben left {number}")
            carlas.until("ok")
        assert bens.quiet(0.5) == []

        bens.say(room.public_id, "Am I still here?")
        assert bens.until("refused")["code"] == "not_found"
        bens.put("since", room=room.public_id, seq=0)
        assert bens.until("closed")["room"] == str(room.public_id)
        bens.put("hello", epoch=None, rooms={str(room.public_id): 0})
        assert bens.until("welcome")["rooms"] == {}
        assert bens.until("closed")["room"] == str(room.public_id)
        assert bens.changes == []


def test_removal_is_fenced_against_messages_sent_in_the_same_moment(portal, harbor, room, amina, ben, carla):
    """What is committed after the removal never reaches Ben, however close behind it comes."""
    with Page(portal, ben) as bens, Page(portal, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        carlas.say(room.public_id, "one")
        carlas.until("ok")
        membership.remove_member(amina, harbor.public_id, stay(harbor, ben), reason="Rules.", at=timezone.now())
        carlas.say(room.public_id, "two")
        carlas.until("ok")
        bens.until("closed")
        bens.quiet(0.3)
        assert [change["message"]["body"] for change in bens.changes if "message" in change] == ["one"]


def test_a_muted_member_is_told_and_refused_and_then_let_back(portal, harbor, room, amina, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        moderation.mute(amina, harbor.public_id, stay(harbor, ben), minutes=5, reason="Heated.", at=timezone.now())
        rights = page.until("rights", timeout=1)
        assert (rights["may"], rights["until"] is not None) == (["read"], True)
        key = page.say(room.public_id, "But")
        refused = page.until("refused")
        assert (refused["key"], refused["code"]) == (str(key), "muted")
        assert refused["text"].startswith("A facilitator asked you to pause until ")

        moderation.unmute(amina, harbor.public_id, stay(harbor, ben), at=timezone.now())
        assert page.until("rights", timeout=1)["may"] == ["read", "write"]
        page.say(room.public_id, "Thank you")
        page.until("ok")


def test_a_mute_ends_by_itself_on_the_open_page(portal, harbor, room, amina, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        almost_over = timezone.now() - timezone.timedelta(seconds=58)
        moderation.mute(amina, harbor.public_id, stay(harbor, ben), minutes=1, reason="Heated.", at=almost_over)
        assert page.until("rights", timeout=1)["may"] == ["read"]
        assert page.until("rights", timeout=5)["may"] == ["read", "write"]


def test_a_hidden_message_is_gone_for_everybody(portal, harbor, room, amina, ben, carla, say):
    said = say(ben, "This should not stay")
    with Page(portal, carla) as page:
        page.enter(room.public_id)
        moderation.hide(amina, harbor.public_id, "message", said.public_id, reason="Rules.", at=timezone.now())
        hidden = page.until("change", kind="message.hidden", timeout=1)["message"]
        assert (hidden["state"], hidden["body"], hidden["html"]) == ("hidden", "", "")
        page.put("since", room=room.public_id, seq=0)
        page.until("live")
        assert page.changes[-1]["message"]["body"] == ""


def test_who_joins_is_heard_of_and_hears_the_room(portal, harbor, room, amina, eve, ben, sam):
    with Page(portal, ben) as page, Page(portal, sam) as sams:
        page.enter(room.public_id)
        sams.put("hello", epoch=None, rooms={str(room.public_id): 0})
        sams.until("closed")
        membership.add_person(eve, harbor.public_id, sam.public_id, role="member", at=timezone.now())
        assert page.until("change", timeout=1)["who"] == {"id": str(sam.public_id), "name": "Sam"}
        sams.put("since", room=room.public_id, seq=0)
        sams.until("live")
        sams.say(room.public_id, "Hello")
        sams.until("ok")


def test_signing_out_closes_every_socket_of_the_session(portal, room, ben):
    session = portal.sign_in(ben)
    with Page(portal, session=session) as one, Page(portal, session=session) as two, Page(portal, ben) as elsewhere:
        for page in (one, two, elsewhere):
            page.enter(room.public_id)
        assert portal.post(session, "/account/logout/", {}).status == 302
        assert (one.closed(1), two.closed(1)) == (4401, 4401)
        elsewhere.say(room.public_id, "Still here")
        elsewhere.until("ok")
    with Page(portal, session=session) as late:
        assert late.closed() == 4401


def test_a_session_that_just_vanishes_is_refused_at_the_next_thing_it_does(portal, room, ben):
    from django.contrib.sessions.models import Session

    with Page(portal, ben) as page:
        page.enter(room.public_id)
        Session.objects.all().delete()
        page.say(room.public_id, "Hello")
        assert page.until("refused")["code"] == "session_over"
        assert page.closed() == 4401


def test_a_new_password_ends_older_sockets(portal, room, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        ben.set_password("another long quiet password")
        ben.save(update_fields=["password"])
        page.put("hello", epoch=None, rooms={})
        assert page.closed() == 4401


def test_a_closed_account_closes_its_sockets(portal, room, eve, ben):
    with Page(portal, ben) as page:
        page.enter(room.public_id)
        began = time.monotonic()
        accounts.deactivate(eve, ben.public_id, reason="Asked for it.", at=timezone.now())
        assert page.closed(1) in (4401, 4403)
        assert time.monotonic() - began < 1
    assert User.objects.get(pk=ben.pk).standing == "deactivated"
