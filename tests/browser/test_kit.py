"""What every page owes everybody: help, a quick way out, no barrier, and nothing asked of any other site."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers

PAGES = ["/", "/help/", "/privacy/", "/kit/", "/nowhere/"]
NEUTRAL = "https://**"


@pytest.fixture
def opened(browser: Browser, site: str) -> Callable[..., Page]:
    """A new window on one of the portal's pages; pages outside are answered here."""

    def open_page(path: str, **how: object) -> Page:
        page = browser.new_context(**({"viewport": {"width": 390, "height": 844}} | how)).new_page()
        page.route(NEUTRAL, lambda route: route.fulfill(body="<title>Weather</title>Sunny", content_type="text/html"))
        page.goto(site + path)
        return page

    return open_page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_barrier(opened: Callable[..., Page], theme: str, width: int) -> None:
    for path in PAGES:
        page = opened(path, color_scheme=theme, viewport={"width": width, "height": 800})
        assert [f"{path}: {barrier}" for barrier in barriers(page)] == []
        page.context.close()


def test_pages_move_little_and_ask_nobody_else(opened: Callable[..., Page]) -> None:
    for path in PAGES:
        page, asked, said = opened("/help/"), [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto(page.url.replace("/help/", path), wait_until="networkidle")
        assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
        assert len(asked) <= 5
        assert [words for words in said if "Security Policy" in words] == []
        page.context.close()


@pytest.mark.parametrize("size", ["normal", "largest"])
def test_nothing_needs_scrolling_sideways_on_a_small_phone(opened: Callable[..., Page], size: str) -> None:
    for path in PAGES:
        page = opened(path, viewport={"width": 320, "height": 640})
        page.evaluate("size => { document.documentElement.dataset.size = size }", size)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
        page.context.close()


def test_help_opens_over_the_page_and_gives_the_focus_back(opened: Callable[..., Page]) -> None:
    page = opened("/privacy/")
    opener = page.get_by_role("banner").get_by_role("link", name="Get help now")
    opener.click()
    expect(page.get_by_role("dialog", name="Get help now")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("link", name="Call or text 988")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    assert page.url.endswith("/privacy/")


def test_help_and_the_way_out_are_plain_links_without_a_script(opened: Callable[..., Page]) -> None:
    page = opened("/privacy/", java_script_enabled=False)
    page.get_by_role("banner").get_by_role("link", name="Get help now").click()
    assert page.url.endswith("/help/")
    expect(page.get_by_role("main").get_by_role("link", name="Call 911")).to_be_visible()
    page.get_by_role("link", name="Leave quickly").click()
    expect(page).to_have_title("Weather")


def test_leaving_quickly_covers_the_page_at_once_and_takes_it_out_of_the_way_back(opened: Callable[..., Page]) -> None:
    page = opened("/help/")
    page.goto(page.url.replace("/help/", "/privacy/"))
    seen = page.evaluate(
        "(document.querySelector('[data-leave]').click(),"
        " [document.body.innerText.trim(), document.title, location.pathname])"
    )
    assert seen == ["", "", "/"]
    expect(page).to_have_title("Weather")
    page.go_back()
    assert page.url.endswith("/help/")


def test_shift_three_times_leaves_and_typing_capitals_does_not(opened: Callable[..., Page]) -> None:
    page = opened("/kit/")
    box = page.get_by_label("Your name here").first
    box.focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    expect(box).to_have_value("ABCD")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    assert page.url.endswith("/kit/")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(page).to_have_title("Weather")


def test_the_keyboard_gets_straight_to_the_page_and_out_of_menus(opened: Callable[..., Page]) -> None:
    page = opened("/help/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.goto(page.url.replace("/help/#main", "/kit/"))
    more = page.locator("summary", has_text="More")
    more.click()
    expect(page.get_by_role("link", name="To do")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="To do")).to_be_hidden()
    expect(more).to_be_focused()


def test_everything_to_press_is_big_enough(opened: Callable[..., Page]) -> None:
    page = opened("/kit/")
    small = page.evaluate(
        """() => [...document.querySelectorAll(".button, .place, .icon-button, .tabs a, .row, .check, .week-day")]
            .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44)
            .map((it) => it.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_a_choice_of_looks_is_seen_at_once(opened: Callable[..., Page]) -> None:
    page = opened("/kit/", color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(ground) != light
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(ground) == light
