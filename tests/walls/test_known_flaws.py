"""What went wrong in other chats and portals, tried here. The table says which test tries which; the rest is below."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat import actions as chat
from groups.membership import actions as membership
from groups.membership.models import GroupRole, State
from portal.accounts import actions as accounts
from portal.accounts.models import Role, SignIn, User
from portal.errors import Refusal
from tests import cast
from tests.permissions import OPERATIONS, ROUTES, WHO
from tests.portal.notifications.worker import run_jobs
from tests.test_permissions import every_route
from tests.walls.asvs import where_tests_are

pytestmark = pytest.mark.django_db

TRIED_BY = {
    "a socket lives on after signing out everywhere (CVE-2026-9162)": [
        "test_signing_out_closes_every_socket_of_the_session",
        "test_a_new_password_ends_older_sockets",
        "test_a_closed_account_closes_its_sockets",
        "test_a_session_that_ends_takes_its_sockets_along_within_a_second",
    ],
    "a reader sees new messages it should not (CVE-2026-100404)": [
        "test_an_opening_holds_for_sockets_and_ends_by_itself",
        "test_a_removed_member_is_told_at_once_and_hears_nothing_more",
    ],
    "an edit passes by the limits of history (CVE-2022-31017)": [
        "test_a_replay_and_later_changes_show_nothing_from_before",
        "test_an_open_page_hears_nothing_of_old_messages_and_follows_a_new_rule",
    ],
    "files and copies pass by the rights of the room (CVE-2022-31134)": [
        "test_who_has_left_gets_what_a_stranger_gets",
        "test_it_goes_with_its_message",
        "test_a_copy_has_my_own_words_and_nobody_elses",
        "test_nobody_else_gets_it_and_after_seven_days_it_is_gone",
    ],
    "a hidden message is still found (GHSA-478x)": [
        "test_what_is_held_hidden_or_taken_back_is_never_found",
        "test_what_the_reader_does_not_see_is_never_found",
    ],
    "who left still reads what the room is called and who is in it (GHSA-c9wc)": [
        "test_who_is_out_learns_nothing_on_any_page",
    ],
    "a row is found by its id without its room (GHSA-r979)": ["test_a_message_is_reached_by_its_own_room_alone"],
    "names, topics, lists and counts leak (CVE-2021-39163, CVE-2021-39164)": [
        "test_forbidden_and_absent_look_the_same_to_a_stranger",
        "test_who_is_out_learns_nothing_on_any_page",
        "test_foreign_and_absent_rooms_look_alike",
    ],
    "a closed account enters by another way (CVE-2016-4427)": [
        "test_who_was_deactivated_cannot_sign_in_in_any_way",
        "test_whose_account_is_closed_stays_out",
    ],
    "somebody outside takes members out (CVE-2026-28759)": ["test_nobody_is_taken_out_by_way_of_another_group"],
    "a stream is joined by its name alone": ["test_only_a_living_session_of_an_approved_person_gets_in"],
    "accents give more tries (CVE-2026-97764)": ["test_accents_do_not_give_a_count_of_their_own"],
    "a made-up forwarded address gives more tries": [
        "test_a_forwarded_address_does_not_give_new_tries",
        "test_behind_the_proxy_the_last_address_counts_and_the_made_up_ones_do_not",
    ],
    "a success sets the count back": ["test_a_success_does_not_set_the_count_of_wrong_tries_back"],
    "tokens outlive their person (CVE-2025-65430)": [
        "test_a_deactivated_persons_session_is_nobodys",
        "test_what_was_mailed_before_an_account_closed_opens_nothing_after",
    ],
    "body limits passed by without a length (CVE-2026-33034)": [
        "test_a_flood_of_a_body_is_broken_off_in_flat_memory",
    ],
    "frames without a limit (CVE-2026-44545)": ["test_what_is_no_text_frame_of_fitting_size_ends_it"],
    "somebody else’s site opens a socket": ["test_another_sites_page_is_refused_before_the_handshake"],
}


@pytest.mark.parametrize("flaw", TRIED_BY)
def test_each_is_tried_by_tests_that_are_there(flaw):
    there = where_tests_are()
    assert [name for name in TRIED_BY[flaw] if name not in there] == []


def test_a_message_is_reached_by_its_own_room_alone(ben, harbor):
    """The room one is in, and the id of a message in another: neither its words nor that it is there."""
    other = cast.group("Morning Light")
    dan = cast.person("Dan")
    cast.stay(other, dan)
    foreign = chat.send(dan, other.room.public_id, key=uuid4(), body="Words of Dan", at=cast.NOW).public_id
    mine = harbor.room.public_id
    for message in (foreign, uuid4()):
        with pytest.raises(Refusal) as refused:
            chat.edit(ben, mine, message, body="mine now", at=cast.NOW)
        assert refused.value.status == 404
        with pytest.raises(Refusal) as refused:
            chat.remove(ben, mine, message, at=cast.NOW)
        assert refused.value.status == 404
        with pytest.raises(Refusal) as refused:
            chat.send(ben, mine, key=uuid4(), body="an answer", reply_to=message, at=cast.NOW)
        assert "Dan" not in refused.value.message


def test_nobody_is_taken_out_by_way_of_another_group(amina, dora, ben, harbor):
    """Who runs a group knows somebody's stay in another one, and names their own group with it."""
    own = cast.group("Morning Light")
    cast.stay(own, amina, role=GroupRole.FACILITATOR)
    other = cast.group("Evening Light")
    dan = cast.person("Dan")
    cast.stay(other, dan)
    stay = dan.memberships.get()
    for deed in (membership.remove_member, membership.ban_member):
        for named in (own.public_id, harbor.public_id, other.public_id):
            with pytest.raises(Refusal) as refused:
                deed(amina, named, stay.public_id, reason="Mine now.", at=cast.NOW)
            assert refused.value.status == 404
    stay.refresh_from_db()
    assert (stay.state, stay.ended_at) == (State.ACTIVE, None)


@pytest.mark.parametrize("way", ["login/code", "password/reset"])
def test_what_was_mailed_before_an_account_closed_opens_nothing_after(way, sam, eve, mailoutbox):
    """A code that would have opened the account, typed after it was closed; and the same with it open, to be sure."""
    for closed in (False, True):
        browser = Client()
        browser.post(f"/account/{way}/", {"email": sam.email})
        run_jobs()
        code = re.search(r"[A-Z]{4}-[A-Z]{4}", mailoutbox[-1].body)[0]
        if closed:
            accounts.deactivate(eve, sam.public_id, reason="They asked for it.", at=timezone.now())
        browser.post(f"/account/{way}/confirm/", {"code": code})
        browser.post("/account/password/reset/complete/", {"password1": "another long password"})
        browser.post("/account/login/", {"login": sam.email, "password": "another long password"})
        assert browser.get("/me/").status_code == (302 if closed else 200)
    assert not SignIn.objects.filter(person=sam).exists()


def test_who_is_out_learns_nothing_on_any_page(harbor, signed_in):
    """Names of people, words and places of the group, on every page that somebody who was in it can open."""
    marked = cast.person("Xylo Member")
    cast.stay(harbor, marked)
    finn = cast.person("Finn")
    cast.stay(harbor, finn, state="left", at=timezone.now())
    chat.send(marked, harbor.room.public_id, key=uuid4(), body="xylo words", at=timezone.now())
    browser = signed_in(finn)
    opened = 0
    for name, methods in ROUTES.items():
        if "GET" not in methods or methods["GET"].answer("former") != "ok":
            continue
        if every_route()[name] not in ([], ["group_id"]):
            continue
        path = reverse(name, kwargs=dict.fromkeys(every_route()[name], harbor.public_id))
        page = browser.get(path)
        opened += page.status_code == 200
        assert b"ylo " not in page.content, name
    assert opened > 10


def test_who_is_no_facilitator_by_account_any_more_runs_nothing(harbor, amina, ben, eve, signed_in):
    """Their stay in the group still says that they run it. Every page for who facilitates is closed to them."""
    stay = harbor.memberships.get(user=ben).public_id
    accounts.change_role(eve, amina.public_id, role=Role.PATIENT, reason="Left the clinic", at=timezone.now())
    browser, tried = signed_in(User.objects.get(pk=amina.pk)), 0
    for name, methods in ROUTES.items():
        names = every_route()[name]
        if not set(names) <= {"group_id", "membership_id"} or "group_id" not in names:
            continue
        path = reverse(name, kwargs={key: stay if key == "membership_id" else harbor.public_id for key in names})
        for method, row in methods.items():
            if row.answer("facilitator") == "ok" != row.answer("member"):
                tried += 1
                answer = browser.get(path) if method == "GET" else browser.post(path, {})
                assert answer.status_code in (403, 404), (name, method)
    assert tried > 10


def test_a_success_does_not_set_the_count_of_wrong_tries_back():
    """Somebody with an account of their own cannot use it to go on guessing at another's."""
    cast.person("Ben")
    cast.person("Mallory")
    statuses = []
    for n in range(14):
        who, word = ("mallory@example.org", cast.PASSWORD) if n % 3 == 2 else ("ben@example.org", f"wrong {n}")
        statuses.append(Client().post("/account/login/", {"login": who, "password": word}).status_code)
    wrong = [status for n, status in enumerate(statuses) if n % 3 != 2]
    for _ in range(4):
        wrong.append(Client().post("/account/login/", {"login": "ben@example.org", "password": "wrong"}).status_code)
    assert 429 in wrong


def test_the_matrix_is_as_large_as_it_should_be():
    """Every route, method and kind of person, and every operation of the socket."""
    cells = sum(len(methods) for methods in ROUTES.values()) + len(OPERATIONS)
    assert cells * len(WHO) >= 1_500
