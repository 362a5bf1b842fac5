"""The ways a session ends, each on a real server: its sockets close within a second, and nothing more is heard."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts import actions as accounts
from portal.accounts import own
from portal.accounts.models import Role, SignIn
from tests import cast
from tests.chat.talking import Page
from tests.serving import NOWHERE

pytestmark = pytest.mark.django_db(transaction=True)
SESSION_OVER, NO_LONGER_ALLOWED = 4401, 4403


@pytest.fixture
def portal(serving):
    return serving("daphne")


def ends(how, portal, page, ben, eve):
    """End Ben's session this way. Returns the moment from which it is over."""
    at = timezone.now()
    match how:
        case "sign out":
            assert portal.post(page.session, "/account/logout/", {}).status == 302
        case "from the list":
            row = SignIn.objects.get(session_id=page.session)
            own.end_session(ben, row.public_id, at=at)
        case "all others from the list":
            own.end_other_sessions(ben, here="another", at=at)
        case "by an admin":
            accounts.sign_out_everywhere(eve, ben.public_id, at=at)
        case "password":
            own.change_password(ben, password="another long quiet password", at=at)
        case "deactivation":
            accounts.deactivate(eve, ben.public_id, reason="Asked for it.", at=at)
        case "role":
            accounts.change_role(eve, ben.public_id, role=Role.FACILITATOR, reason="Trained.", at=at)


WAYS = ["sign out", "from the list", "all others from the list", "by an admin", "password", "deactivation", "role"]


@pytest.mark.parametrize("how", WAYS)
def test_a_session_that_ends_takes_its_sockets_along_within_a_second(portal, room, ben, carla, eve, how, say):
    with Page(portal, ben) as bens:
        bens.enter(room.public_id)
        ends(how, portal, bens, ben, eve)
        say(carla, "after the end", at=timezone.now())
        began = time.monotonic()
        assert bens.closed(2) in (SESSION_OVER, NO_LONGER_ALLOWED)
        assert time.monotonic() - began < 1
        assert bens.changes == []


def test_a_session_that_runs_out_closes_its_socket_whatever_the_page_beats(portal, room, ben):
    session = portal.sign_in(ben)
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=1.2))
    with Page(portal, session=session) as bens:
        bens.enter(room.public_id)
        bens.put("beat", n=0, seen={})
        bens.put("read", room=room.public_id, seq=0)
        began = time.monotonic()
        assert bens.closed(4) == SESSION_OVER
        assert time.monotonic() - began < 3


@pytest.mark.slow
def test_without_valkey_a_session_that_ends_takes_its_sockets_along_within_half_a_minute(
    serving, room, ben, carla, eve, say
):
    alone = serving("daphne", valkey=NOWHERE)
    with Page(alone, ben) as bens, Page(alone, carla) as carlas:
        bens.enter(room.public_id)
        carlas.enter(room.public_id)
        began = time.monotonic()
        ends("sign out", alone, bens, ben, eve)
        ends("deactivation", alone, carlas, carla, eve)
        say(cast.stay(room.group, cast.person("Dan")).user, "after the end", at=timezone.now())
        for page in (bens, carlas):
            assert page.closed(30) in (SESSION_OVER, NO_LONGER_ALLOWED)
            assert page.changes == []
        assert time.monotonic() - began < 30


def test_what_is_said_makes_the_session_last_and_what_is_only_heard_does_not(portal, room, ben, carla, say):
    with Page(portal, ben) as bens:
        bens.enter(room.public_id)
        soon, long_ago = timezone.now() + timedelta(minutes=2), timezone.now() - timedelta(minutes=28)
        Session.objects.update(expire_date=soon)
        SignIn.objects.update(used_at=long_ago)
        heard = say(carla, "Hello", at=timezone.now())
        bens.until("change")
        bens.put("read", room=room.public_id, seq=heard.seq)
        bens.put("beat", n=1, seen={str(room.public_id): heard.seq})
        bens.until("notify", kind="read")
        assert (Session.objects.get().expire_date, SignIn.objects.get().used_at) == (soon, long_ago)

        bens.say(room.public_id, "Hello Carla")
        bens.until("ok")
        wait_until(lambda: SignIn.objects.get().used_at > long_ago)
        assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=29)


def wait_until(holds):
    end = time.monotonic() + 2
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
