"""Passkeys, with a device in software. Chromium's own is driven in tests/browser/test_passkeys.py."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from portal.accounts.models import SignIn, Standing, User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.accounts.factors.conftest import codes_on, first_step
from tests.portal.accounts.factors.device import SITE, Device

Enter = Callable[..., Client]
HERE = {"headers": {"host": SITE}}


@pytest.fixture
def phone(sam: User, signed_in: Enter) -> Device:
    """Sam's, with a passkey."""
    device = Device()
    browser = signed_in(sam)
    answer = browser.post("/me/security/passkeys/", {"name": "My phone", "credential": device.makes(browser)}, **HERE)
    assert len(codes_on(answer.content.decode())) == 10
    return device


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def test_a_passkey_alone_signs_in(phone: Device, sam: User) -> None:
    browser = Client()
    answer = browser.post("/account/passkey/", {"credential": phone.shows(browser), "next": "/me/security/"}, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/me/security/")
    assert b"My phone" in browser.get("/me/security/").content
    assert AuditEntry.objects.get(verb="person.signed_in").facts == {"how": ["webauthn"]}


@pytest.mark.parametrize(("said", "kind"), [("own", "own"), ("shared", "shared"), ("", "shared"), (None, "shared")])
def test_who_does_not_say_whose_device_it_is_gets_the_shorter_session(
    phone: Device, said: str | None, kind: str
) -> None:
    browser = Client()
    device = {} if said is None else {"device": said}
    browser.post("/account/passkey/", {"credential": phone.shows(browser), **device}, **HERE)
    assert SignIn.objects.get(session_id=browser.session.session_key).kind == kind


def test_it_is_the_second_step_after_a_password(phone: Device, sam: User) -> None:
    browser = first_step(sam)
    answer = browser.post("/account/second-step/", {"credential": phone.shows(browser)}, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/me/").status_code == 200


def test_it_shows_that_it_is_me(phone: Device, sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, minutes_ago=6, factor=True)
    sent = {"way": "passkey", "credential": phone.shows(browser), "next": "/me/security/codes/"}
    assert browser.post("/me/confirmation/", sent, **HERE)["Location"] == "/me/security/codes/"
    assert browser.get("/me/security/codes/").status_code == 200


def test_what_was_shown_once_opens_nothing_again(phone: Device) -> None:
    browser = Client()
    shown = phone.shows(browser)
    browser.post("/account/passkey/", {"credential": shown}, **HERE)
    browser.post("/account/logout/")
    for other in (browser, Client()):
        answer = other.post("/account/passkey/", {"credential": shown}, **HERE)
        assert answer["Location"] == "/account/login/"
        assert not is_in(other)


def test_a_phone_that_was_not_unlocked_is_not_enough(phone: Device) -> None:
    phone.unlocks = False
    browser = Client()
    answer = browser.post("/account/passkey/", {"credential": phone.shows(browser)}, **HERE)
    assert answer["Location"] == "/account/login/"
    assert b"This passkey does not open an account here" in browser.get("/account/login/").content


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1", "http://localhost.evil.example"])
def test_what_was_shown_to_another_site_opens_nothing(phone: Device, origin: str) -> None:
    phone.origin = origin
    browser = Client()
    browser.post("/account/passkey/", {"credential": phone.shows(browser)}, **HERE)
    assert not is_in(browser)


def test_the_phone_of_somebody_else_opens_nothing(phone: Device, sam: User, ben: User) -> None:
    stranger = Device(user=phone.user, id=phone.id)  # another key under the same name
    browser = Client()
    browser.post("/account/passkey/", {"credential": stranger.shows(browser)}, **HERE)
    assert not is_in(browser)


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", '"x"', "not json", '{"id": 1}', '{"response": {}}'])
def test_nonsense_is_refused_in_words(phone: Device, sent: str, db: None) -> None:
    answer = Client().post("/account/passkey/", {"credential": sent}, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    answer = first_step(User.objects.get(email="sam@example.org")).post("/account/second-step/", {"credential": sent})
    assert answer.status_code == 200


def test_whose_account_is_closed_stays_out(phone: Device, sam: User) -> None:
    User.objects.filter(pk=sam.pk).update(standing=Standing.DEACTIVATED)
    browser = Client()
    answer = browser.post("/account/passkey/", {"credential": phone.shows(browser)}, **HERE)
    assert answer["Location"] == "/account/inactive/"
    assert not is_in(browser)


def test_i_rename_and_remove_one_of_two(phone: Device, sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, factor=True)
    second = Device()
    answer = browser.post("/me/security/passkeys/", {"name": "Key", "credential": second.makes(browser)}, **HERE)
    assert answer["Location"] == "/me/security/"
    first, other = Authenticator.objects.filter(type="webauthn").order_by("pk")
    browser.post(f"/me/security/passkeys/{other.data['public_id']}/", {"name": "Key on my <ring>"})
    assert b"Key on my &lt;ring&gt;" in browser.get("/me/security/").content
    browser.post(f"/me/security/{first.data['public_id']}/removal/")
    assert b"My phone" not in browser.get("/me/security/").content

    gone = Client()
    gone.post("/account/passkey/", {"credential": phone.shows(gone)}, **HERE)
    assert gone.get("/me/").status_code == 302
    kept = Client()
    kept.post("/account/passkey/", {"credential": second.shows(kept)}, **HERE)
    assert kept.get("/me/").status_code == 200


def test_where_the_portal_has_no_name_there_are_none(sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam)
    for host, possible in (("localhost", True), ("127.0.0.1", False), ("[::1]", False)):
        page = browser.get("/me/security/", headers={"host": host}).content
        assert (b"Add a passkey" in page, b"reached by numbers" in page) == (possible, not possible)
        entrance = Client().get("/account/login/", headers={"host": host}).content
        assert (b"Sign in with a passkey" in entrance) is possible
    assert browser.get("/me/security/passkeys/", headers={"host": "127.0.0.1"})["Location"] == "/me/security/"


def test_a_passkey_is_asked_for_by_a_neutral_name(sam: User, signed_in: Enter) -> None:
    asked = signed_in(sam).post("/me/security/passkeys/challenge/", **HERE).json()["publicKey"]
    assert asked["rp"] == {"id": "localhost", "name": "Portal"}
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert cast.PASSWORD not in str(asked)
