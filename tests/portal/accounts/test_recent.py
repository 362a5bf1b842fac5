"""Is it you? What is asked before something that matters, and what becomes of what was being done."""

import re
import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from portal.accounts import recent
from portal.accounts.models import Role, User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.notifications.worker import run_jobs

Enter = Callable[..., Client]
GUARDED = ("/account/email/", "/account/password/change/", "/account/password/set/")
ASKED = "/me/confirmation/"


def by_password(browser: Client, password: str = cast.PASSWORD, **more: str) -> object:
    return browser.post(ASKED, {"way": "password", "password": password, **more})


@pytest.mark.parametrize("path", GUARDED)
def test_who_came_in_longer_ago_is_asked_and_then_led_there(path: str, sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, minutes_ago=5.1)
    asked = browser.get(path)["Location"]
    assert asked == f"{ASKED}?next={path.replace('/', '%2F')}"
    assert b"Is it you?" in browser.get(asked).content

    assert by_password(browser, next=path)["Location"] == path
    assert browser.get(path).status_code in (200, 302)
    assert ASKED not in browser.get(path).get("Location", "")
    assert AuditEntry.objects.get(verb="person.confirmed").facts == {"how": "password"}


@pytest.mark.parametrize("path", GUARDED)
def test_who_came_in_just_now_is_not_asked(path: str, sam: User, signed_in: Enter) -> None:
    assert ASKED not in signed_in(sam, minutes_ago=4.9).get(path).get("Location", "")


def test_it_holds_for_five_minutes(sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, minutes_ago=60)
    by_password(browser)
    assert browser.get("/account/email/").status_code == 200
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert browser.get("/account/email/").status_code == 302


def test_a_wrong_password_opens_nothing_and_is_written_down(sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, minutes_ago=60)
    page = by_password(browser, "not the password")
    assert b"That is not your password" in page.content
    assert browser.get("/account/email/").status_code == 302
    assert AuditEntry.objects.filter(verb="confirmation.refused", actor=sam).count() == 1


def test_who_has_no_password_gets_a_code_by_mail(sam: User, signed_in: Enter, newest_code: Callable[[], str]) -> None:
    sam.set_unusable_password()
    sam.save()
    browser = signed_in(sam, minutes_ago=60)
    assert b'type="password"' not in browser.get(ASKED).content

    assert b"We sent a code" in browser.post(ASKED, {"way": "mail"}).content
    assert mail.outbox == []
    code = newest_code()
    assert mail.outbox[-1].to == [sam.email]
    assert code not in str(dict(browser.session))
    assert b"That is not the code" in browser.post(ASKED, {"way": "code", "code": "AAAA-AAAA"}).content
    typed = {"way": "code", "code": code.lower().replace("-", " "), "next": "/account/password/set/"}
    assert browser.post(ASKED, typed)["Location"] == "/account/password/set/"
    assert browser.get("/account/password/set/").status_code == 200


def test_a_mailed_code_works_once_and_for_its_own_session(
    sam: User, signed_in: Enter, newest_code: Callable[[], str]
) -> None:
    browser, other = signed_in(sam, minutes_ago=60), signed_in(sam, minutes_ago=60)
    browser.post(ASKED, {"way": "mail"})
    code = newest_code()
    assert other.post(ASKED, {"way": "code", "code": code}).status_code == 200
    assert browser.post(ASKED, {"way": "code", "code": code}).status_code == 302
    assert browser.post(ASKED, {"way": "code", "code": code}).status_code == 200


def test_a_mailed_code_runs_out(sam: User, signed_in: Enter, newest_code: Callable[[], str]) -> None:
    browser = signed_in(sam, minutes_ago=60)
    browser.post(ASKED, {"way": "mail"})
    session = browser.session
    session["confirm_code"] = session["confirm_code"] | {"at": time.time() - 901}
    session.save()
    assert browser.post(ASKED, {"way": "code", "code": newest_code()}).status_code == 200


def test_codes_are_not_mailed_without_end(sam: User, signed_in: Enter) -> None:
    answers = [signed_in(sam).post(ASKED, {"way": "mail"}).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]


def test_a_form_waits_for_its_person_and_is_done_once(eve: User, ben: User, signed_in: Enter) -> None:
    browser = signed_in(eve, minutes_ago=6)
    url = f"/people/{ben.public_id}/role/"
    given = {"role": "facilitator", "reason": "She leads <the> evening & the morning."}

    assert browser.post(url, given)["Location"] == ASKED
    ben.refresh_from_db()
    assert ben.role == Role.PATIENT

    back = by_password(browser)["Location"]
    page = browser.get(back).content.decode()
    assert (f'action="{url}"' in page, "Change role" in page) == (True, True)
    hidden = dict(re.findall(r'<input type="hidden" name="(role|reason)" value="([^"]*)"', page))
    assert hidden == {"role": "facilitator", "reason": "She leads &lt;the&gt; evening &amp; the morning."}

    browser.post(url, given)
    ben.refresh_from_db()
    assert ben.role == Role.FACILITATOR
    assert browser.get(back)["Location"] == "/me/"
    assert AuditEntry.objects.filter(verb="role.changed").count() == 1


def test_no_secret_waits_with_the_form(sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, minutes_ago=6)
    browser.post("/account/password/change/", {"password1": "another long password", "next": "/me/"})
    assert "another long password" not in str(dict(browser.session))
    assert by_password(browser)["Location"] == "/me/confirmation/form/"


def test_a_form_does_not_wait_for_long(sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam, minutes_ago=6)
    browser.post("/account/email/", {"email": "new@example.org", "action_add": "yes"})
    session = browser.session
    session[recent.HELD] = session[recent.HELD] | {"at": time.time() - 901}
    session.save()
    assert by_password(browser)["Location"] == "/me/"
    assert browser.get("/me/confirmation/form/")["Location"] == "/me/"


def test_the_way_on_is_always_one_of_ours(sam: User, signed_in: Enter) -> None:
    for outside in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert by_password(signed_in(sam), next=outside)["Location"] == "/me/"


def test_allauths_own_page_leads_to_ours(sam: User, signed_in: Enter) -> None:
    assert signed_in(sam).get("/account/reauthenticate/")["Location"] == ASKED
    run_jobs()
    assert mail.outbox == []
