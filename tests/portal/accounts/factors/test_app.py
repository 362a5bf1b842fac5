"""An authenticator app and recovery codes: setting up, signing in, and what never opens the door."""

import threading
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from portal.accounts.factors import codes
from portal.accounts.models import SignIn, User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.accounts.factors.conftest import App, codes_on, first_step, key_on
from tests.portal.notifications.worker import run_jobs

Enter = Callable[..., Client]
WithApp = Callable[[User], tuple[App, list[str]]]
STEP = "/account/second-step/"


def test_i_set_up_an_app_and_see_my_codes_once(sam: User, signed_in: Enter) -> None:
    browser, elsewhere = signed_in(sam), signed_in(sam)
    page = browser.get("/me/security/app/").content.decode()
    assert ('<svg class="qr"' in page, "data:" in page, "style=" in page) == (True, False, False)
    app = App(key_on(page))
    assert b"That is not the code" in browser.post("/me/security/app/", {"code": "000000"}).content
    assert key_on(browser.get("/me/security/app/").content.decode()) == app.secret

    shown = browser.post("/me/security/app/", {"code": app.code()})
    assert shown.status_code == 200
    assert len(set(codes_on(shown.content.decode()))) == 10
    security = browser.get("/me/security/").content.decode()
    assert ("Your app is set up" in security, "You have 10 left" in security) == (True, True)
    for code in codes_on(shown.content.decode()):
        assert code not in security

    assert elsewhere.get("/me/").status_code == 302
    run_jobs()
    assert [message.subject for message in mail.outbox] == ["A way to sign in was added"]
    assert AuditEntry.objects.get(verb="factor.added").facts == {"what": "app", "sessions_ended": 1}


def test_the_key_never_lies_in_the_clear(sam: User, signed_in: Enter) -> None:
    browser = signed_in(sam)
    app = App(key_on(browser.get("/me/security/app/").content.decode()))
    assert app.secret not in str(dict(browser.session))
    shown = codes_on(browser.post("/me/security/app/", {"code": app.code()}).content.decode())
    kept = str([*Authenticator.objects.values_list("data", flat=True), dict(browser.session)])
    assert app.secret not in kept
    assert not [code for code in shown if code in kept]


def test_the_password_is_the_first_step_only(sam: User, with_app: WithApp) -> None:
    app, _ = with_app(sam)
    browser = first_step(sam)
    assert browser.get("/me/").status_code == 302
    page = browser.get(STEP).content
    assert (b"Second step" in page, b"Use a passkey" in page) == (True, False)
    assert b"That is not the code" in browser.post(STEP, {"code": "000000"}).content
    assert not SignIn.objects.exists()

    assert browser.post(STEP, {"code": app.code()})["Location"] == "/"
    assert browser.get("/me/").status_code == 200
    assert AuditEntry.objects.get(verb="person.signed_in").facts == {"how": ["password", "totp"]}
    assert AuditEntry.objects.filter(verb="sign_in.second_step_refused", target_id=sam.public_id).count() == 1


def test_a_mailed_code_is_the_first_step_only(sam: User, with_app: WithApp, newest_code: Callable[[], str]) -> None:
    with_app(sam)
    browser = Client()
    browser.post("/account/login/code/", {"email": sam.email})
    assert browser.post("/account/login/code/confirm/", {"code": newest_code()})["Location"] == STEP
    assert browser.get("/me/").status_code == 302


def test_a_new_password_does_not_lead_past_the_second_step(
    sam: User, with_app: WithApp, newest_code: Callable[[], str]
) -> None:
    with_app(sam)
    browser = Client()
    browser.post("/account/password/reset/", {"email": sam.email})
    browser.post("/account/password/reset/confirm/", {"code": newest_code()})
    browser.post("/account/password/reset/complete/", {"password1": "another long password"})
    assert browser.get("/me/").status_code == 302
    answer = browser.post("/account/login/", {"login": sam.email, "password": "another long password"})
    assert answer["Location"] == STEP
    assert Authenticator.objects.filter(user=sam).count() == 2


def test_a_code_opens_once_whatever_becomes_of_the_cache(sam: User, with_app: WithApp) -> None:
    app, _ = with_app(sam)
    code = app.code()
    first_step(sam).post(STEP, {"code": code})
    cache.clear()
    second = first_step(sam)
    assert b"or it has been used" in second.post(STEP, {"code": code}).content
    assert second.post(STEP, {"code": app.code(1)}).status_code == 302
    assert codes.spend(sam, app.code(-1)) is None


def test_a_code_from_too_long_ago_or_ahead_does_not_fit(sam: User, with_app: WithApp) -> None:
    app, _ = with_app(sam)
    assert [codes.spend(sam, app.code(periods)) is None for periods in (-3, 3, -1)] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_the_same_moment_one_gets_in(with_app: WithApp) -> None:
    sam = cast.person("Sam")
    app, recovery = with_app(sam)
    for code in (app.code(), recovery[0]):
        opened: list[bool] = []
        start = threading.Barrier(20)

        def attempt(code: str = code, start: threading.Barrier = start, opened: list[bool] = opened) -> None:
            start.wait()
            opened.append(codes.spend(sam, code) is not None)
            connection.close()

        threads = [threading.Thread(target=attempt) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(opened), sum(opened)) == (20, 1)


def test_a_recovery_code_opens_once(sam: User, with_app: WithApp) -> None:
    _, recovery = with_app(sam)
    typed = f"{recovery[3][:5]} {recovery[3][5:]}"
    assert first_step(sam).post(STEP, {"code": typed}).status_code == 302
    assert first_step(sam).post(STEP, {"code": typed}).status_code == 200


def test_new_codes_end_the_old_ones(sam: User, with_app: WithApp, signed_in: Enter) -> None:
    _, recovery = with_app(sam)
    browser = signed_in(sam, factor=True)
    assert codes_on(browser.get("/me/security/codes/").content.decode()) == []
    fresh = codes_on(browser.post("/me/security/codes/").content.decode())
    assert (len(fresh), set(fresh) & set(recovery)) == (10, set())
    assert codes.spend(sam, recovery[0]) is None
    assert codes.spend(sam, fresh[0]) is not None
    run_jobs()
    assert "New recovery codes" in [message.subject for message in mail.outbox]


def test_second_steps_are_counted_for_the_person_in_all_browsers(sam: User, with_app: WithApp) -> None:
    app, _ = with_app(sam)
    statuses = []
    for place in range(5):
        browser = first_step(sam)
        statuses += [
            browser.post(STEP, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{place}").status_code for _ in range(5)
        ]
    assert statuses == [200] * 20 + [429] * 5
    run_jobs()
    assert [message.subject for message in mail.outbox] == ["Sign-ins that were not finished"]
    cache.clear()
    assert first_step(sam).post(STEP, {"code": app.code()}).status_code == 429


def test_i_remove_the_app_and_the_codes_go_with_it(sam: User, with_app: WithApp, signed_in: Enter) -> None:
    with_app(sam)
    browser, elsewhere = signed_in(sam, factor=True), signed_in(sam, factor=True)
    row = Authenticator.objects.get(type="totp")
    assert b"It is your only one" in browser.get(f"/me/security/{row.data['public_id']}/removal/").content
    assert browser.post(f"/me/security/{row.data['public_id']}/removal/")["Location"] == "/me/security/"
    assert not Authenticator.objects.exists()
    assert (browser.get("/me/").status_code, elsewhere.get("/me/").status_code) == (200, 302)
    run_jobs()
    assert mail.outbox[-1].subject == "A way to sign in was removed"


def test_other_peoples_factors_do_not_exist(sam: User, ben: User, with_app: WithApp, signed_in: Enter) -> None:
    with_app(sam)
    row = Authenticator.objects.get(type="totp")
    browser = signed_in(ben)
    assert browser.get(f"/me/security/{row.data['public_id']}/removal/").status_code == 404
    assert browser.post(f"/me/security/{row.data['public_id']}/removal/").status_code == 404
    assert Authenticator.objects.filter(user=sam).count() == 2


@pytest.mark.parametrize("path", ["app/", "codes/", "passkeys/"])
def test_the_pages_ask_first_whether_it_is_me(path: str, sam: User, with_app: WithApp, signed_in: Enter) -> None:
    with_app(sam)
    browser = signed_in(sam, minutes_ago=6, factor=True)
    assert browser.get(f"/me/security/{path}")["Location"].startswith("/me/confirmation/?next=")
    assert browser.post(f"/me/security/{path}", {"code": "1"})["Location"] == "/me/confirmation/"


def test_who_has_a_factor_shows_it_and_not_the_password(sam: User, with_app: WithApp, signed_in: Enter) -> None:
    app, recovery = with_app(sam)
    browser = signed_in(sam, minutes_ago=6, factor=True)
    page = browser.get("/me/confirmation/").content
    assert (b'type="password"' in page, b"code by mail" in page) == (False, False)
    browser.post("/me/confirmation/", {"way": "password", "password": cast.PASSWORD})
    browser.post("/me/confirmation/", {"way": "mail"})
    assert browser.get("/me/security/codes/").status_code == 302
    run_jobs()
    assert "Your code" not in [message.subject for message in mail.outbox]

    assert browser.post("/me/confirmation/", {"way": "code", "code": app.code()}).status_code == 302
    assert browser.get("/me/security/codes/").status_code == 200
    again = signed_in(sam, minutes_ago=6, factor=True)
    assert again.post("/me/confirmation/", {"way": "code", "code": recovery[0]}).status_code == 302
    assert again.get("/me/security/codes/").status_code == 200
