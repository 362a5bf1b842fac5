"""What admins do with accounts, and that nobody else can."""

import threading
from collections.abc import Callable
from hashlib import sha256

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from portal.accounts import actions
from portal.accounts.models import Role, SignIn, Standing, User
from portal.audit import AuditEntry
from portal.errors import NotFound
from tests import cast
from tests.portal.accounts.conftest import Hints
from tests.portal.notifications.worker import run_jobs

NOW = cast.NOW
Browser = Callable[[User], Client]


def entry_of(verb: str) -> tuple[object, ...]:
    entry = AuditEntry.objects.get(verb=verb)
    return entry.actor, entry.target_kind, entry.target_id, entry.reason, entry.facts, entry.at


# Approving


def test_an_admin_lets_somebody_in(eve: User, waiting: User) -> None:
    actions.approve(eve, waiting.public_id, at=NOW)

    waiting.refresh_from_db()
    assert (waiting.standing, waiting.standing_by, waiting.standing_at) == (Standing.APPROVED, eve, NOW)
    assert entry_of("account.approved") == (eve, "person", str(waiting.public_id), "", {}, NOW)


def test_who_was_let_in_is_told_by_a_mail_that_tells_nobody_else(eve: User, waiting: User, signed_in: Browser) -> None:
    answer = signed_in(eve).post(f"/people/{waiting.public_id}/approval/")
    assert answer["Location"] == f"/people/{waiting.public_id}/"
    run_jobs()
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([waiting.email], "Your account is ready")


def test_two_admins_approve_once(eve: User, waiting: User) -> None:
    actions.approve(eve, waiting.public_id, at=NOW)
    with pytest.raises(actions.NotWaiting):
        actions.approve(cast.person("Ada", role=Role.ADMIN), waiting.public_id, at=NOW)


# Roles


def test_an_admin_gives_another_role_and_the_person_signs_in_again(
    eve: User, sam: User, signed_in: Browser, hints: Hints, django_capture_on_commit_callbacks: Callable
) -> None:
    browser = signed_in(sam)
    key = browser.session.session_key
    hints.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_role(eve, sam.public_id, role=Role.FACILITATOR, reason="Finished the training.", at=NOW)

    sam.refresh_from_db()
    assert sam.role == Role.FACILITATOR
    facts = {"before": "patient", "after": "facilitator"}
    assert entry_of("role.changed") == (eve, "person", str(sam.public_id), "Finished the training.", facts, NOW)
    assert browser.get("/me/").status_code == 302
    ended = {"type": "session.ended", "session": sha256(key.encode()).hexdigest()}
    assert hints == [(sam.topic, ended), (sam.topic, {"type": "person.changed"})]


def test_the_same_role_changes_nothing(eve: User, sam: User) -> None:
    with pytest.raises(actions.SameRole):
        actions.change_role(eve, sam.public_id, role=Role.PATIENT, reason="No reason.", at=NOW)
    assert not AuditEntry.objects.exists()


# Closing and opening


def test_closing_an_account_ends_all_its_sessions_in_the_same_deed(
    eve: User, sam: User, signed_in: Browser, hints: Hints, django_capture_on_commit_callbacks: Callable
) -> None:
    phone, laptop, other = signed_in(sam), signed_in(sam), signed_in(eve)
    keys = {browser.session.session_key for browser in (phone, laptop)}
    hints.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.deactivate(eve, sam.public_id, reason="Asked us to.", at=NOW)

    assert [browser.get("/me/").status_code for browser in (phone, laptop, other)] == [302, 302, 200]
    assert list(SignIn.objects.values_list("person", flat=True)) == [eve.pk]
    facts = {"before": "approved", "sessions_ended": 2}
    assert entry_of("account.deactivated") == (eve, "person", str(sam.public_id), "Asked us to.", facts, NOW)
    assert {topic for topic, _ in hints} == {sam.topic}
    assert {hint.get("session") for _, hint in hints} == {sha256(key.encode()).hexdigest() for key in keys} | {None}


def test_closing_an_account_tells_no_one_when_it_does_not_happen(sam: User, hints: Hints, signed_in: Browser) -> None:
    signed_in(sam)
    hints.clear()
    with pytest.raises(NotFound):
        actions.deactivate(sam, sam.public_id, reason="I want to.", at=NOW)
    assert hints == []
    assert SignIn.objects.count() == 1


def test_an_account_can_be_opened_again(eve: User, sam: User) -> None:
    actions.deactivate(eve, sam.public_id, reason="Moved away.", at=NOW)
    actions.let_return(eve, sam.public_id, at=NOW)

    sam.refresh_from_db()
    assert sam.standing == Standing.APPROVED
    facts = {"before": "deactivated"}
    assert entry_of("account.returned") == (eve, "person", str(sam.public_id), "", facts, NOW)
    with pytest.raises(actions.NotAway):
        actions.let_return(eve, sam.public_id, at=NOW)


def test_a_closed_account_is_closed_once(eve: User, sam: User) -> None:
    actions.deactivate(eve, sam.public_id, reason="Moved away.", at=NOW)
    with pytest.raises(actions.AlreadyClosed):
        actions.deactivate(eve, sam.public_id, reason="Moved away.", at=NOW)


# An admin stays


def test_no_admin_removes_themself(eve: User) -> None:
    with pytest.raises(actions.NotYourself):
        actions.deactivate(eve, eve.public_id, reason="Tired.", at=NOW)
    with pytest.raises(actions.NotYourself):
        actions.change_role(eve, eve.public_id, role=Role.PATIENT, reason="Tired.", at=NOW)


def test_an_admin_who_lost_the_role_a_moment_ago_can_do_nothing_more(eve: User, sam: User) -> None:
    ada = cast.person("Ada", role=Role.ADMIN)
    actions.change_role(ada, eve.public_id, role=Role.PATIENT, reason="Left the clinic.", at=NOW)

    assert eve.role == Role.ADMIN  # what the page that was open before still believes
    for deed in (
        lambda: actions.deactivate(eve, ada.public_id, reason="Revenge.", at=NOW),
        lambda: actions.change_role(eve, sam.public_id, role=Role.ADMIN, reason="Revenge.", at=NOW),
        lambda: actions.let_return(eve, sam.public_id, at=NOW),
        lambda: actions.approve(eve, sam.public_id, at=NOW),
    ):
        with pytest.raises(NotFound):
            deed()


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_remove_each_other_at_once_leave_one() -> None:
    pair = [cast.person(name, role=Role.ADMIN) for name in ("Ada", "Eve")]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def remove(actor: User, other: User) -> None:
        start.wait()
        try:
            actions.deactivate(actor, other.public_id, reason="Quarrel.", at=NOW)
            outcomes.append("done")
        except NotFound:
            outcomes.append("not found")
        connection.close()

    threads = [threading.Thread(target=remove, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "not found"]
    assert User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED).count() == 1


# Who else

DEEDS = [
    ("approval", {}),
    ("role", {"role": "admin", "reason": "Why not."}),
    ("deactivation", {"reason": "Why not."}),
    ("return", {}),
]


@pytest.mark.parametrize(("deed", "data"), DEEDS)
def test_for_everybody_else_the_deeds_do_not_exist(
    deed: str, data: dict[str, str], amina: User, ben: User, waiting: User, signed_in: Browser
) -> None:
    for person in (amina, ben):
        browser = signed_in(person)
        there = browser.post(f"/people/{waiting.public_id}/{deed}/", data)
        nowhere = browser.post(f"/people/{cast.nobody()}/{deed}/", data)
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert browser.get(f"/people/{waiting.public_id}/").status_code == 404
    assert signed_in(waiting).post(f"/people/{waiting.public_id}/{deed}/", data)["Location"] == "/waiting/"
    assert Client().post(f"/people/{waiting.public_id}/{deed}/", data)["Location"].startswith("/account/login/")
    waiting.refresh_from_db()
    assert (waiting.standing, waiting.role) == (Standing.WAITING, Role.PATIENT)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"access.refused"}


@pytest.mark.parametrize("page", ["/people/", "/people/invitations/", "/audit/"])
def test_the_pages_of_admins_do_not_exist_for_others(page: str, amina: User, ben: User, signed_in: Browser) -> None:
    for person in (amina, ben):
        assert signed_in(person).get(page).status_code == 404


@pytest.mark.parametrize(("deed", "data"), DEEDS)
def test_opening_the_address_of_a_deed_does_nothing(
    deed: str, data: dict[str, str], eve: User, waiting: User, signed_in: Browser
) -> None:
    assert signed_in(eve).get(f"/people/{waiting.public_id}/{deed}/", data).status_code == 405


@pytest.mark.parametrize("deed", ["role", "deactivation"])
def test_a_reason_is_asked_for(deed: str, eve: User, sam: User, signed_in: Browser) -> None:
    page = signed_in(eve).post(f"/people/{sam.public_id}/{deed}/", {"role": "facilitator", "reason": "  "})
    assert page.status_code == 200
    assert b"Say why, in a few words" in page.content
    sam.refresh_from_db()
    assert (sam.role, sam.standing) == (Role.PATIENT, Standing.APPROVED)


def test_the_forms_do_what_they_say(eve: User, sam: User, signed_in: Browser) -> None:
    browser = signed_in(eve)
    there = f"/people/{sam.public_id}/"
    browser.post(f"{there}role/", {"role": "facilitator", "reason": "Trained."})
    assert b"Sam has another role now: Facilitator." in browser.get(there).content
    browser.post(f"{there}deactivation/", {"reason": "Moved."})
    assert b"is signed out everywhere" in browser.get(there).content
    browser.post(f"{there}return/")
    sam.refresh_from_db()
    assert (sam.role, sam.standing) == (Role.FACILITATOR, Standing.APPROVED)
