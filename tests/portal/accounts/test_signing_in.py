"""Signing in by password or code, signing out, and choosing a new password."""

from collections.abc import Callable
from hashlib import sha256

from django.core import mail
from django.test import Client

from portal.accounts.models import SignIn, Standing, User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.accounts.conftest import Hints
from tests.portal.notifications.worker import run_jobs


def sign_in(client: Client, person: User, password: str = cast.PASSWORD) -> None:
    answer = client.post("/account/login/", {"login": person.email, "password": password})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_by_password(visitor: Client, sam: User) -> None:
    sign_in(visitor, sam)
    assert visitor.get("/me/").status_code == 200
    entry = AuditEntry.objects.get(verb="person.signed_in")
    assert (entry.actor, entry.facts) == (sam, {"how": ["password"]})


def test_by_code(visitor: Client, sam: User, newest_code: Callable[[], str]) -> None:
    answer = visitor.post("/account/login/code/", {"email": "SAM@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/code/confirm/")
    assert b"has an account, a code is on its way" in visitor.get("/account/login/code/confirm/").content

    answer = visitor.post("/account/login/code/confirm/", {"code": newest_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/me/").status_code == 200


def test_a_code_works_once(visitor: Client, sam: User, newest_code: Callable[[], str]) -> None:
    visitor.post("/account/login/code/", {"email": sam.email})
    code = newest_code()
    visitor.post("/account/login/code/confirm/", {"code": code})
    visitor.post("/account/logout/")

    answer = visitor.post("/account/login/code/confirm/", {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/code/")
    assert not SignIn.objects.exists()


def test_a_wrong_password_is_told_in_words_and_written_down(visitor: Client, sam: User) -> None:
    page = visitor.post("/account/login/", {"login": sam.email, "password": "not the password"})
    assert b"do not fit together" in page.content
    entry = AuditEntry.objects.get(verb="sign_in.refused")
    assert (entry.actor, entry.target_id, entry.facts) == (None, str(sam.public_id), {})


def test_who_was_deactivated_cannot_sign_in_in_any_way(visitor: Client, db: None) -> None:
    gone = cast.person("Gone", standing=Standing.DEACTIVATED)
    answer = visitor.post("/account/login/", {"login": gone.email, "password": cast.PASSWORD})
    assert answer["Location"] == "/account/inactive/"
    assert b"This account is closed" in visitor.get("/account/inactive/").content

    visitor.post("/account/login/code/", {"email": gone.email})
    visitor.post("/account/password/reset/", {"email": gone.email})
    run_jobs()
    assert mail.outbox == []
    assert not SignIn.objects.exists()


def test_signing_out_ends_the_session_and_tells_the_sockets(
    visitor: Client, sam: User, hints: Hints, django_capture_on_commit_callbacks: Callable
) -> None:
    sign_in(visitor, sam)
    key = visitor.session.session_key
    hints.clear()

    with django_capture_on_commit_callbacks(execute=True):
        answer = visitor.post("/account/logout/")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    ended = {"type": "session.ended", "session": sha256(key.encode()).hexdigest()}
    assert hints == [(f"person.{sam.public_id}", ended)]
    assert visitor.get("/me/").status_code == 302
    assert AuditEntry.objects.filter(verb="person.signed_out", actor=sam).count() == 1


def test_looking_at_the_sign_out_page_signs_nobody_out(visitor: Client, sam: User) -> None:
    sign_in(visitor, sam)
    assert b"Sign out" in visitor.get("/account/logout/").content
    assert visitor.get("/me/").status_code == 200


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(visitor: Client, sam: User) -> None:
    sign_in(visitor, sam)
    thief = Client()
    thief.cookies = visitor.cookies.copy()
    visitor.post("/account/logout/")
    assert thief.get("/me/").status_code == 302


def test_a_new_password_by_code_ends_every_session(
    visitor: Client, sam: User, newest_code: Callable[[], str], signed_in: Callable[[User], Client]
) -> None:
    elsewhere = signed_in(sam)
    visitor.post("/account/password/reset/", {"email": sam.email})
    assert b"Check your mail" in visitor.get("/account/password/reset/confirm/").content
    visitor.post("/account/password/reset/confirm/", {"code": newest_code()})
    answer = visitor.post("/account/password/reset/complete/", {"password1": "another long password"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/done/")

    assert elsewhere.get("/me/").status_code == 302
    sign_in(visitor, sam, "another long password")
    run_jobs()
    assert mail.outbox[-1].subject == "Your password has changed"
    assert AuditEntry.objects.get(verb="password.changed").facts == {"sessions_ended": 1}


def test_changing_the_password_ends_every_session_too(sam: User, visitor: Client) -> None:
    sign_in(visitor, sam)
    elsewhere = Client()
    sign_in(elsewhere, sam)
    new = {"oldpassword": cast.PASSWORD, "password1": "another long password"}
    answer = visitor.post("/account/password/change/", new)
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert b"Your password has been changed" in visitor.get("/account/login/").content

    assert elsewhere.get("/me/").status_code == 302
    assert visitor.get("/me/").status_code == 302
    sign_in(visitor, sam, "another long password")


def test_another_address_is_confirmed_there_and_told_here(
    visitor: Client, sam: User, newest_code: Callable[[], str]
) -> None:
    sign_in(visitor, sam)
    assert visitor.get("/account/email/").status_code == 200
    answer = visitor.post("/account/email/", {"email": "sam.new@example.org", "action_add": "yes"})
    assert answer["Location"] == "/account/confirm-email/"
    code = newest_code()
    assert mail.outbox[-1].to == ["sam.new@example.org"]
    sam.refresh_from_db()
    assert sam.email == "sam@example.org"

    visitor.post("/account/confirm-email/", {"code": code})
    sam.refresh_from_db()
    assert sam.email == "sam.new@example.org"
    run_jobs()
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (["sam@example.org"], "Your e-mail address has changed")
    assert AuditEntry.objects.filter(verb="address.changed", actor=sam).count() == 1


def test_without_the_password_the_address_stays(sam: User, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(sam, minutes_ago=10)
    answer = browser.post("/account/email/", {"email": "thief@example.org", "action_add": "yes"})
    page = browser.post(answer["Location"], {"way": "password", "password": "not the password"})
    assert b"That is not your password" in page.content
    run_jobs()
    assert mail.outbox == []


def test_the_next_page_is_always_one_of_ours(visitor: Client, sam: User) -> None:
    for outside in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = visitor.post("/account/login/", {"login": sam.email, "password": cast.PASSWORD, "next": outside})
        assert answer["Location"] == "/"
        visitor.post("/account/logout/")
    answer = visitor.post("/account/login/", {"login": sam.email, "password": cast.PASSWORD, "next": "/me/"})
    assert answer["Location"] == "/me/"


def test_a_new_session_id_comes_with_signing_in(visitor: Client, sam: User) -> None:
    visitor.post("/account/login/", {"login": sam.email, "password": "not the password"})
    visitor.get("/account/login/code/")
    visitor.post("/account/login/code/", {"email": sam.email})
    before = visitor.session.session_key
    visitor.post("/account/logout/")
    sign_in(visitor, sam)
    assert visitor.session.session_key != before


def test_the_demo_shows_whom_to_sign_in_as_and_only_the_demo(visitor: Client, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert b"Look around the demo" in visitor.get("/account/login/").content
    settings.DEMO = False  # type: ignore[attr-defined]
    page = visitor.get("/account/login/").content
    assert b"Look around the demo" not in page
    assert b"example.org" not in page
