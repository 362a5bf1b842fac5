"""A mail about a sign-in the person may not know of; and an invitation to a passkey that nobody gets twice."""

from collections.abc import Callable

from django.core import mail
from django.test import Client

from portal.accounts.factors import actions
from portal.accounts.models import User
from tests import cast
from tests.portal.notifications.worker import run_jobs

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0"
HERE = {"headers": {"host": "localhost"}}


def sign_in(person: User, browser: str) -> None:
    Client(headers={"user-agent": browser}).post("/account/login/", {"login": person.email, "password": cast.PASSWORD})


def subjects() -> list[str]:
    run_jobs()
    return [message.subject for message in mail.outbox]


def test_a_new_device_is_told_of_once_and_the_first_one_never(sam: User) -> None:
    sign_in(sam, PHONE)
    sign_in(sam, PHONE)
    assert subjects() == []
    sign_in(sam, LAPTOP)
    assert subjects() == ["A new sign-in"]
    sign_in(sam, LAPTOP)
    sign_in(sam, PHONE)
    assert subjects() == ["A new sign-in"]
    assert mail.outbox[0].to == [sam.email]
    for telling in ("Firefox", "Windows", "192.", "127.0.0.1"):
        assert telling not in mail.outbox[0].body.replace("http://127.0.0.1:8000", "")


def test_a_wrong_password_on_a_new_device_is_no_sign_in(sam: User) -> None:
    sign_in(sam, PHONE)
    Client(headers={"user-agent": LAPTOP}).post("/account/login/", {"login": sam.email, "password": "not the password"})
    assert subjects() == []


def test_who_joined_a_group_is_invited_to_a_passkey(ben: User, sam: User, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(ben)
    assert b"Sign in more easily" in browser.get("/", **HERE).content
    assert b"Sign in more easily" not in signed_in(sam).get("/", **HERE).content
    assert b"Sign in more easily" not in browser.get("/", headers={"host": "127.0.0.1"}).content

    assert browser.post("/me/security/no-thanks/")["Location"] == "/"
    assert b"Sign in more easily" not in browser.get("/", **HERE).content
    assert b"Sign in more easily" not in signed_in(ben).get("/", **HERE).content


def test_who_has_a_factor_and_who_works_here_is_not(ben: User, amina: User, signed_in: Callable[..., Client]) -> None:
    actions.add_app(ben, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", counter=0, here=None, at=cast.NOW)
    for person in (ben, amina):
        assert b"Sign in more easily" not in signed_in(person, factor=True).get("/", **HERE).content
