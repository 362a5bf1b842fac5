"""Too many sockets from one address, or in all: who comes is sent away in words of numbers, who is here stays."""

import time

import pytest
from websockets.exceptions import ConnectionClosed

from portal.accounts.places import NOWHERE, place_of_socket
from tests import cast
from tests.chat.talking import Page
from tests.serving import FEW

AN_ADDRESS, IN_ALL = map(int, FEW.values())


def test_one_address_has_its_places_and_everybody_else_theirs(production, room, harbor, ben, carla):
    ward, home = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    sessions = {who: production.sign_in(who) for who in (ben, carla)}
    already = production.said.read_text().count("chat.limit_reached")
    with page(production, sessions[ben], ward) as first:
        first.enter(room.public_id)
        others = [page(production, sessions[carla], ward) for _ in range(AN_ADDRESS - 1)]
        for other in others:
            other.enter(room.public_id)
        for _ in range(3):
            with page(production, sessions[ben], ward) as one_more:
                assert one_more.closed() == 4429
        with page(production, sessions[ben], home) as elsewhere:  # the same person, from another address
            elsewhere.enter(room.public_id)
            first.say(room.public_id, "All is well")
            first.until("ok", timeout=1)
            elsewhere.until("change", timeout=1)
        others.pop().socket.close()
        with comes_in(production, sessions[ben], ward, room) as again:  # a place came free
            again.say(room.public_id, "Here again")
            again.until("ok")
        for other in others:
            other.socket.close()
    lines = [line for line in production.said.read_text().splitlines() if "chat.limit_reached" in line]
    assert len(lines) - already == 1  # a flood does not fill the log
    assert "address" in lines[-1]
    assert not any(word in production.said.read_text() for word in ("192.0.2.7", "203.0.113.9", "198.51.100.1"))


def test_a_full_process_takes_nobody_more_and_serves_who_is_here(production, room, harbor, ben):
    people = [cast.person(f"Person {number}") for number in range(IN_ALL)]
    pages = []
    for number, person in enumerate(people):
        cast.stay(harbor, person)
        pages.append(page(production, production.sign_in(person), {"X-Forwarded-For": f"2001:db8:{number}::1"}))
        pages[-1].enter(room.public_id)
    session = production.sign_in(ben)
    for number in range(5):
        with page(production, session, {"X-Forwarded-For": f"2001:db8:{number}:ffff::2"}) as one_more:
            assert one_more.closed() == 4429
    pages[0].say(room.public_id, "All is well")
    pages[0].until("ok", timeout=1)
    for other in pages[1:]:
        other.until("change", timeout=1)
    pages.pop().socket.close()
    with comes_in(production, session, {"X-Forwarded-For": "2001:db8:a::1"}, room):
        assert "process" in production.said.read_text()
    for other in pages:
        other.socket.close()


def test_who_shows_no_session_takes_a_place_only_until_they_are_told_to_go(production, room, ben):
    ward = {"X-Forwarded-For": "192.0.2.8"}
    for _ in range(IN_ALL + 2):
        with page(production, "x" * 32, ward) as nobody:
            assert nobody.closed() == 4401
    with comes_in(production, production.sign_in(ben), ward, room) as page_:
        page_.say(room.public_id, "Hello")
        page_.until("ok")


def page(portal, session, headers) -> Page:
    return Page(portal, session=session, headers=headers)


def comes_in(portal, session, headers, room) -> Page:
    """Somebody comes once the server has noticed that a place came free."""
    for _ in range(50):
        came = page(portal, session, headers)
        try:
            came.enter(room.public_id)
        except ConnectionClosed as closed:
            if closed.rcvd is None or closed.rcvd.code != 4429:
                raise
            time.sleep(0.05)
        else:
            return came
    raise AssertionError("No place comes free.")


@pytest.mark.parametrize(
    ("named", "peer", "place"),
    [
        ([], "192.0.2.1", "192.0.2.1"),
        (["203.0.113.9"], "192.0.2.1", "203.0.113.9"),
        (["10.0.0.1, 203.0.113.9"], "192.0.2.1", "203.0.113.9"),  # what a client says of itself stands before
        (["10.0.0.1", "203.0.113.9"], "192.0.2.1", "203.0.113.9"),
        (["2001:db8:1:2:3::4"], None, "2001:db8:1:2::"),
        (["gibberish"], "192.0.2.1", NOWHERE),
        ([], None, NOWHERE),
    ],
)
def test_the_address_is_the_one_the_proxy_names(settings, named, peer, place):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    headers = [(b"x-forwarded-for", one.encode()) for one in named]
    assert place_of_socket({"headers": headers, "client": (peer, 4711) if peer else None}) == place


def test_without_a_proxy_nobody_names_an_address_of_their_own(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    scope = {"headers": [(b"x-forwarded-for", b"203.0.113.9")], "client": ("192.0.2.1", 4711)}
    assert place_of_socket(scope) == "192.0.2.1"
    assert place_of_socket(scope | {"client": ["::1", 1]}) == "::"
