"""Choosing how pages look, with a script and without, with an account and without."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.people import PATIENT, Visitor

PAGE = "/me/display/"
TEXT_SIZE = "parseFloat(getComputedStyle(document.body).fontSize)"
GROUND = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A new browser on the page of the settings."""
    opened: list[Visitor] = []

    def open_page(**how: object) -> Page:
        opened.append(Visitor(browser, site, **({"viewport": {"width": 390, "height": 844}} | how)))
        return opened[-1].goes_to(PAGE)

    yield open_page
    for one in opened:
        one.context.close()


def choose(page: Page, setting: str, choice: str) -> None:
    page.get_by_role("group", name=setting).get_by_label(choice, exact=True).check()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def test_a_choice_is_seen_at_once_and_kept_only_when_saved(visitor: Callable[..., Page]) -> None:
    page = visitor(color_scheme="light")
    light, normal = page.evaluate(GROUND), page.evaluate(TEXT_SIZE)
    choose(page, "Colors", "Dark")
    choose(page, "Text size", "Largest")
    assert page.evaluate(GROUND) != light
    assert page.evaluate(TEXT_SIZE) == normal * 1.5

    page.reload()
    assert (page.evaluate(GROUND), page.evaluate(TEXT_SIZE)) == (light, normal)
    expect(page.get_by_role("group", name="Text size").get_by_label("Normal")).to_be_checked()


def test_a_visitor_without_a_script_reads_in_large_letters_and_in_the_dark(visitor: Callable[..., Page]) -> None:
    page = visitor(java_script_enabled=False, color_scheme="light")
    choose(page, "Colors", "Dark")
    choose(page, "Text size", "Largest")
    save(page)
    page.goto("/account/login/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "largest")
    expect(page.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")


def test_the_way_there_is_on_a_visitors_pages_and_on_mine(browser: Browser, site: str) -> None:
    visitor = Visitor(browser, site)
    visitor.goes_to("/account/login/").get_by_role("link", name="Text size and colors").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Display")
    visitor.signs_in(PATIENT)
    visitor.goes_to("/me/").get_by_role("link", name="Change display").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Display and chat")
    visitor.context.close()


def test_what_i_choose_on_one_device_is_there_when_i_sign_in_on_another(browser: Browser, site: str) -> None:
    phone, computer = Visitor(browser, site), Visitor(browser, site, color_scheme="light")
    phone.signs_in("moss@example.org")
    page = phone.goes_to(PAGE)
    choose(page, "Colors", "Dark")
    choose(page, "The Enter key", "Always begins a new line")
    choose(page, "New messages and screen readers", "Stay silent")
    save(page)

    html = computer.signs_in("moss@example.org").locator("html")
    for name, choice in (("theme", "dark"), ("enter", "breaks"), ("announce", "off")):
        expect(html).to_have_attribute(f"data-{name}", choice)
    for one in (phone, computer):
        one.context.close()


def test_no_script_reads_the_cookie(visitor: Callable[..., Page]) -> None:
    page = visitor()
    choose(page, "Text size", "Large")
    save(page)
    assert "looks" not in page.evaluate("document.cookie")
    assert [cookie["value"] for cookie in page.context.cookies() if "looks" in cookie["name"]] == ["size-large"]


def test_when_nothing_may_move_nothing_does(visitor: Callable[..., Page]) -> None:
    page = visitor(reduced_motion="no-preference")
    moves = """() => [...document.querySelectorAll("*")].filter((it) => {
        const { transitionDuration, transitionProperty, animationName } = getComputedStyle(it)
        return animationName !== "none" || (transitionProperty !== "none" && /[1-9]/.test(transitionDuration))
    }).length"""
    assert page.evaluate(moves) > 0
    choose(page, "Movement", "Nothing moves")
    assert page.evaluate(moves) == 0
    save(page)
    page.goto("/help/")
    assert page.evaluate(moves) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_has_no_barrier_at_any_size(visitor: Callable[..., Page], theme: str, width: int) -> None:
    page = visitor(color_scheme=theme, viewport={"width": width, "height": 800})
    for size in ("Normal", "Large", "Largest"):
        choose(page, "Text size", size)
        choose(page, "Space between lines", "Roomy")
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_works_by_keyboard_alone(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.get_by_role("group", name="Colors").get_by_label("Same as my device").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Tab")
    expect(page.get_by_role("group", name="Text size").get_by_label("Normal")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page).to_have_url(re.compile(r"/me/display/\?saved$"))
