"""F6 goes from part to part of a page, with Shift back, and into each where one was."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keys import WRONG
from tests.browser.walk import Walk

SIZES = {"desk": (1280, 800), "phone": (390, 844)}
PART = """() => {
  const part = document.activeElement.closest("[data-region]")
  const named = document.getElementById(part.getAttribute("aria-labelledby"))
  return part.getAttribute("aria-label") ?? named?.textContent ?? part.tagName.toLowerCase()
}"""
ROOM = {
    "desk": ["header", "Places", "Your groups", "You", "main", "Messages", "Write a message", "Details"],
    "phone": ["header", "main", "Messages", "Write a message"],
}


@pytest.fixture
def opened(walk: Walk, browser: Browser) -> Iterator[Callable[..., Page]]:
    came = []

    def open_page(page: str, role: str, size: str) -> Page:
        look = walk.one(page, role)
        width, height = SIZES[size]
        context = walk.enter(browser, look.email, viewport={"width": width, "height": height})
        came.append(context)
        window = context.new_page()
        window.goto(look.path)
        return window

    yield open_page
    for context in came:
        context.close()


def round_trip(page: Page, key: str = "F6") -> list[str]:
    """The parts that the key leads through until the first comes again; the focus is seen in each."""
    parts: list[str] = []
    while True:
        page.keyboard.press(key)
        assert page.evaluate(WRONG) == ""
        part = page.evaluate(PART)
        if parts and part == parts[0]:
            return parts
        parts.append(part)
        assert len(parts) < 10


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "role"), [("home", "visitor"), ("home", "patient"), ("privacy", "visitor")])
def test_every_part_of_a_page_is_reached_and_then_the_first_again(
    opened: Callable[..., Page], name: str, role: str, size: str
) -> None:
    page = opened(name, role, size)
    side = {"desk": ["Places", "You"], "phone": ["Places"]}[size] if role == "patient" else []
    details = ["Details"] if (name, role) == ("home", "patient") else []
    there = ["header", *side, "main", *details, "footer"]
    assert round_trip(page) == there
    page.reload()
    assert round_trip(page, "Shift+F6") == there[::-1]


@pytest.mark.parametrize("size", SIZES)
def test_the_room_has_its_messages_and_its_composer_as_parts(opened: Callable[..., Page], size: str) -> None:
    page = opened("chat:room", "patient", size)
    expect(page.locator("chat-room[data-live]")).to_have_count(1)
    assert round_trip(page) == ROOM[size]


def test_one_comes_back_to_where_one_was_and_writing_goes_on(opened: Callable[..., Page]) -> None:
    page = opened("chat:room", "patient", "desk")
    expect(page.locator("chat-room[data-live]")).to_have_count(1)
    box = page.get_by_label("Your message")
    box.focus()
    page.keyboard.type("Half a th")
    page.keyboard.press("Shift+F6")
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    line = page.evaluate("document.activeElement.id")
    assert line.startswith("message-")
    page.keyboard.press("F6")
    expect(box).to_be_focused()
    page.keyboard.type("ought")
    expect(box).to_have_value("Half a thought")
    page.keyboard.press("Shift+F6")
    assert page.evaluate("document.activeElement.id") == line
    box.fill("")


def test_a_dialog_keeps_the_key_to_itself(opened: Callable[..., Page]) -> None:
    page = opened("home", "patient", "desk")
    page.get_by_role("banner").get_by_role("link", name="Get help now").click()
    page.keyboard.press("F6")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    page.keyboard.press("F6")
    assert page.evaluate(PART) == "Places"  # after the bar on top, where the dialog was opened


def test_the_way_is_told_at_the_start_of_every_page_and_among_the_settings(opened: Callable[..., Page]) -> None:
    page = opened("preferences:preferences", "visitor", "phone")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    expect(page.locator(".skip:focus")).to_contain_text("F6 goes on to the next part")
    expect(page.get_by_role("region", name="With a keyboard")).to_contain_text("F6")
