"""The browser's copy: true after signing in, after a change, and after leaving; and never trusted."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import Morsel

import pytest
from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from portal.preferences import actions
from portal.preferences.models import DEFAULTS
from tests import cast
from tests.portal.preferences.test_choosing import PAGE, looks_worn

Browser = Callable[[User], Client]
DARK = DEFAULTS | {"theme": "dark", "enter": "breaks"}


def sign_in(browser: Client, person: User) -> None:
    answer = browser.post("/account/login/", {"login": person.email, "password": cast.PASSWORD})
    assert answer["Location"] == "/"


def remembered(browser: Client) -> str:
    kept = browser.cookies.get(settings.LOOKS_COOKIE_NAME)
    return kept.value if kept is not None else ""


def test_signing_in_brings_my_looks_to_this_browser(sam: User) -> None:
    actions.change_preferences(sam, values=DARK, at=cast.NOW)
    browser = Client()
    assert looks_worn(browser, "/account/login/") == DEFAULTS

    sign_in(browser, sam)

    assert looks_worn(browser, "/") == DARK
    assert remembered(browser) == "theme-dark.enter-breaks"


def test_signing_in_without_choices_of_my_own_keeps_how_this_browser_looks(sam: User) -> None:
    browser = Client()
    browser.post(PAGE, DEFAULTS | {"size": "largest"})
    sign_in(browser, sam)
    assert looks_worn(browser, "/") == DEFAULTS | {"size": "largest"}


def test_my_choices_beat_those_of_whoever_was_here_before(sam: User) -> None:
    actions.change_preferences(sam, values=DEFAULTS, at=cast.NOW)
    browser = Client()
    browser.post(PAGE, DEFAULTS | {"size": "largest"})
    sign_in(browser, sam)
    assert looks_worn(browser, "/") == DEFAULTS


def test_after_signing_out_the_looks_stay_readable_and_the_manners_go(sam: User, ben: User) -> None:
    actions.change_preferences(sam, values=DARK, at=cast.NOW)
    browser = Client()
    sign_in(browser, sam)

    browser.post("/account/logout/")

    assert remembered(browser) == "theme-dark"
    sign_in(browser, ben)
    assert looks_worn(browser, "/") == DEFAULTS | {"theme": "dark"}


def test_the_page_of_the_settings_brings_what_another_device_changed(sam: User, signed_in: Browser) -> None:
    here = signed_in(sam)
    here.get("/")
    actions.change_preferences(sam, values=DARK, at=cast.NOW + timedelta(hours=1))
    assert looks_worn(here, "/") == DEFAULTS

    assert looks_worn(here, PAGE) == DARK
    assert looks_worn(here, "/") == DARK


def test_no_page_asks_the_database_for_looks(sam: User, signed_in: Browser, django_assert_num_queries) -> None:
    browser = signed_in(sam)
    with django_assert_num_queries(2):  # session, person
        browser.get("/help/")
    browser.post(PAGE, DARK)
    with django_assert_num_queries(2):
        assert looks_worn(browser, "/help/") == DARK


@pytest.mark.parametrize(
    "written",
    [
        "theme-sepia",
        'theme-"><script>alert(1)</script>',
        "theme",
        "-dark",
        "person-1.role-admin",
        "." * 3000,
        "size-\x00largest",
    ],
)
def test_a_cookie_somebody_wrote_by_hand_counts_for_nothing(db: None, written: str) -> None:
    browser = Client()
    browser.cookies[settings.LOOKS_COOKIE_NAME] = written
    assert looks_worn(browser, "/help/") == DEFAULTS
    assert b"alert(1)" not in browser.get("/help/").content


def cookie_after_choosing() -> Morsel:
    return Client().post(PAGE, DARK, secure=True).cookies[settings.LOOKS_COOKIE_NAME]


def test_the_cookie_is_only_for_this_site_and_no_script(db: None) -> None:
    kept = cookie_after_choosing()
    assert (kept.value, kept["samesite"], kept["httponly"], kept["path"], kept["domain"]) == (
        *("theme-dark", "Lax", True, "/"),
        "",
    )
    assert kept["max-age"] == 365 * 24 * 3600


def test_over_https_the_cookie_can_come_from_nobody_else(db: None, settings) -> None:
    settings.SECURE, settings.LOOKS_COOKIE_NAME = True, "__Host-looks"
    assert cookie_after_choosing()["secure"] is True


def test_back_at_the_defaults_nothing_is_left_in_the_browser(db: None) -> None:
    browser = Client()
    browser.post(PAGE, DARK)
    answer = browser.post(PAGE, DEFAULTS)
    assert answer.cookies[settings.LOOKS_COOKIE_NAME]["max-age"] == 0
    assert remembered(browser) == ""
