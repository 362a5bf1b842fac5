"""The end of a session as a person sees it: warned, kept or over, and nothing left on the page or in the browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hands import shorten
from tests.browser.people import PATIENT, Visitor
from tests.portal.running import Portal

SIGNED_OUT = "You have been signed out"


@pytest.fixture
def comes(running: Portal, site: str, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Signs in; then the session lasts only so many seconds without use."""
    there: list[Visitor] = []

    def come(*, idle: int, device: str = "My own phone or computer") -> Visitor:
        visitor = Visitor(browser, site)
        there.append(visitor)
        page = visitor.goes_to("/account/login/")
        page.get_by_label("E-mail").fill(PATIENT)
        page.get_by_label("Password", exact=True).fill("calm-river-demo")
        page.get_by_label(device).check()
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile(r"/$"))
        name = f"session-{running.port}"
        key = next(cookie["value"] for cookie in visitor.context.cookies() if cookie["name"] == name)
        shorten(running, key, idle=idle)
        return visitor

    yield come
    for visitor in there:
        visitor.context.close()


def test_two_minutes_before_the_end_every_tab_asks_and_one_press_keeps_all(comes: Callable[..., Visitor]) -> None:
    visitor = comes(idle=123)
    one, two = visitor.goes_to("/me/"), visitor.context.new_page()
    two.goto("/schedule/")
    for page in (one, two):
        expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible(timeout=8000)
    expect(two.get_by_role("button", name="Stay signed in")).to_be_focused()
    two.keyboard.press("Enter")
    for page in (one, two):
        expect(page.get_by_role("dialog", name="Are you still there?")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(SIGNED_OUT)


def test_at_the_end_the_page_leads_to_sign_in_and_what_was_typed_comes_back(comes: Callable[..., Visitor]) -> None:
    visitor = comes(idle=5)
    page = visitor.goes_to("/me/")
    page.get_by_label("Name others see").fill("Half a new name")
    expect(page).to_have_url(re.compile(r"/account/login/\?next=%2Fme%2F&over$"), timeout=15_000)
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
    page.get_by_label("E-mail").fill(PATIENT)
    page.get_by_label("Password", exact=True).fill("calm-river-demo")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Name others see")).to_have_value("Half a new name")
    expect(page.get_by_text("What you had written is here again.")).to_be_visible()
    assert page.evaluate("sessionStorage.typed") is None


def test_without_a_network_the_page_empties_itself(comes: Callable[..., Visitor]) -> None:
    visitor = comes(idle=6)
    page = visitor.goes_to("/me/")
    visitor.loses_the_network()
    expect(page.get_by_role("heading", name=SIGNED_OUT)).to_be_visible(timeout=20_000)
    assert "juniper" not in page.content().lower()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_role("link", name="Get help now")).to_be_visible()


def test_on_a_shared_device_no_word_is_kept(comes: Callable[..., Visitor]) -> None:
    visitor = comes(idle=5, device="A device that others use, too")
    page = visitor.goes_to("/me/")
    page.get_by_label("Name others see").fill("Half a new name")
    expect(page).to_have_url(re.compile(r"&over$"), timeout=15_000)
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_signing_out_leaves_nothing_behind_and_the_way_back_shows_nothing(comes: Callable[..., Visitor]) -> None:
    visitor = comes(idle=600)
    page = visitor.goes_to("/")
    other = visitor.context.new_page()
    other.goto("/me/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/me/")
    visitor.context.add_cookies([{"name": "else", "value": "there", "url": visitor.site}])
    with page.expect_response(re.compile("/account/logout/")) as answered:
        page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    assert answered.value.all_headers()["clear-site-data"] == '"cache", "cookies", "storage"'
    expect(page).to_have_url(re.compile(r"/$"))
    assert {cookie["name"] for cookie in visitor.context.cookies()} <= {f"csrf-{visitor.site.rpartition(':')[2]}"}
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    expect(other.get_by_role("heading", name=SIGNED_OUT)).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/account/login/"))
    assert "juniper@" not in page.get_by_role("main").inner_text().split("Look around")[0]


def test_without_a_script_the_page_leaves_the_screen(comes: Callable[..., Visitor], browser: Browser) -> None:
    visitor = comes(idle=4)
    state = visitor.context.storage_state()
    plain = browser.new_context(base_url=visitor.site, java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto("/me/")
    page.wait_for_url(re.compile("/account/login/"), timeout=15_000)
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
    plain.close()
