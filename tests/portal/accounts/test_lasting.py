"""How long a session lasts: unused, in use, and at the most."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.devices import in_words
from portal.accounts.models import SignIn, User
from portal.accounts.sessions import note_uses
from tests.cast import NOW, PASSWORD

Browser = Callable[[User], Client]
OVER = "/account/login/?next=/me/&over"


def at(minutes: float) -> Any:
    """This many minutes after noon."""
    return time_machine.travel(NOW + timedelta(minutes=minutes), tick=False)


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def enters(person: User, *, device: str = "own") -> Client:
    """Signs in by password, through the page."""
    browser = Client()
    answer = browser.post(
        "/account/login/",
        {"login": person.email, "password": PASSWORD, "device": device},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"},
    )
    assert answer.status_code == 302
    return browser


@pytest.mark.parametrize(
    ("who", "device", "minutes"),
    [("sam", "own", 30), ("amina", "own", 15), ("eve", "own", 15), ("sam", "shared", 10), ("amina", "shared", 10)],
)
def test_a_session_nobody_uses_is_over(request: pytest.FixtureRequest, who: str, device: str, minutes: int) -> None:
    person = request.getfixturevalue(who)
    with at(0):
        one, other = enters(person, device=device), enters(person, device=device)
    with at(minutes - 0.1):
        assert is_in(one)
    with at(minutes + 0.1):
        assert other.get("/me/")["Location"] == OVER
    with at(2 * minutes - 0.3):
        assert is_in(one)


def test_no_use_makes_it_last_longer_than_twelve_hours(sam: User) -> None:
    with at(0):
        browser = enters(sam)
    for minutes in range(20, 12 * 60, 20):
        with at(minutes):
            assert is_in(browser)
    with at(12 * 60 - 1):
        assert is_in(browser)
    with at(12 * 60 + 0.1):
        assert not is_in(browser)


def test_signing_in_again_within_a_session_does_not_begin_the_hours_anew(sam: User) -> None:
    with at(0):
        browser = enters(sam)
        ends_at = SignIn.objects.get().ends_at
    with at(20):
        browser.force_login(sam, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert SignIn.objects.get().ends_at == ends_at


def test_the_last_use_is_written_at_most_once_a_minute(sam: User) -> None:
    with at(0):
        browser = enters(sam)
    for minutes, used in ((0.5, 0), (1.5, 1.5), (2, 1.5), (2.6, 2.6)):
        with (
            at(minutes),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            assert is_in(browser)
        assert SignIn.objects.get().used_at == NOW + timedelta(minutes=used)
        assert any("make_interval" in one["sql"] for one in asked) == (used == minutes)


def test_what_a_page_fetches_by_itself_is_no_use_of_it(sam: User) -> None:
    with at(0):
        browser = enters(sam)
    with at(20):
        assert browser.get("/me/", headers={"X-Asked-By": "page"}).status_code == 200
    with at(31):
        assert not is_in(browser)


def test_asking_how_long_it_lasts_is_no_use_of_it_but_the_button_is(sam: User) -> None:
    words = {"Accept": "application/json"}
    with at(0):
        browser = enters(sam)
    with at(20):
        assert browser.get("/me/session/", headers=words).json() == {"left": 10 * 60, "more": True}
    with at(29):
        assert browser.get("/me/session/", headers=words).json() == {"left": 60, "more": True}
        assert browser.post("/me/session/", headers=words).json() == {"left": 30 * 60, "more": True}
    with at(60):
        assert browser.get("/me/session/", headers=words).json() == {"left": 0}
    browser = Client()
    with at(100):
        browser.cookies[settings.SESSION_COOKIE_NAME] = "another"
        assert browser.get("/me/session/")["Location"] == "/account/login/?next=%2F&over"


def test_near_its_last_hour_a_press_does_not_help(sam: User) -> None:
    with at(0):
        browser = enters(sam, device="shared")
        SignIn.objects.update(ends_at=NOW + timedelta(minutes=8))
        store = browser.session
        store["limits"] = [600, (NOW + timedelta(minutes=8)).isoformat()]
        store.save()
    with at(2):
        assert browser.post("/me/session/", headers={"Accept": "application/json"}).json() == {
            "left": 360,
            "more": False,
        }


def test_who_comes_too_late_does_not_wake_a_session(sam: User, signed_in: Browser) -> None:
    signed_in(sam)
    Session.objects.update(expire_date=NOW)
    note_uses(list(Session.objects.values_list("pk", flat=True)), at=NOW + timedelta(seconds=1))
    assert Session.objects.get().expire_date == NOW


def test_signing_in_gives_the_session_a_new_name(sam: User) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": sam.email, "password": "not the one", "device": "shared"})
    before = browser.session.session_key
    browser.post("/account/login/", {"login": sam.email, "password": PASSWORD})
    assert before is not None
    assert (browser.session.session_key != before, Session.objects.filter(pk=before).exists()) == (True, False)


def test_a_session_knows_its_device_and_nothing_more_of_the_browser(sam: User) -> None:
    browser = enters(sam, device="shared")
    assert SignIn.objects.values_list("device", "kind").get() == ("Firefox on Windows", "shared")
    assert "Gecko" not in str(dict(browser.session))


def test_the_choice_outlives_the_step_with_the_code(sam: User, newest_code: Callable[[], str]) -> None:
    browser = Client()
    browser.post("/account/login/code/", {"email": sam.email, "device": "shared"})
    browser.post("/account/login/code/confirm/", {"code": newest_code(), "action": "verify"})
    assert SignIn.objects.values_list("kind", "idle").get() == ("shared", 600)


def test_who_changes_their_mind_about_the_device_is_believed(sam: User) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": sam.email, "password": "not the one", "device": "shared"})
    browser.post("/account/login/", {"login": sam.email, "password": PASSWORD, "device": "own"})
    assert SignIn.objects.get().kind == "own"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605 Version/18.5 Safari/604",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537 Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Mac"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/27 Chrome/125 Safari/537", "Samsung Internet on Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_in_words(says: str, words: str) -> None:
    assert in_words(says) == words


def test_signing_out_tells_the_browser_to_forget_everything(sam: User, signed_in: Browser) -> None:
    answer = signed_in(sam).post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_a_session_that_ran_out_leaves_the_words_of_the_tab(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    Session.objects.update(expire_date=NOW)
    answer = browser.get("/me/")
    assert (answer["Location"], answer["Clear-Site-Data"]) == (OVER, '"cache", "cookies"')
    assert "Clear-Site-Data" not in browser.get("/me/")
