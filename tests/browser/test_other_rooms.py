"""The list of one's rooms beside the conversation: what is new in the others, as it happens."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looks import CO_FACILITATOR, PATIENT
from tests.browser.walk import Walk

WIDE = {"viewport": {"width": 1280, "height": 800}}
Enter = Callable[..., Page]


@pytest.fixture
def enter(walk: Walk, browser: Browser) -> Iterator[Enter]:
    """Brings somebody into a room and waits for their line to be live."""
    came = []

    def come(email: str, path: str, **how: object) -> Page:
        context = walk.enter(browser, email, **(WIDE | how))
        came.append(context)
        page = context.new_page()
        page.goto(path)
        expect(page.locator("chat-room[data-live]")).to_have_count(1)
        return page

    yield come
    for context in came:
        context.close()


@pytest.fixture
def juniper(enter: Enter, walk: Walk) -> Page:
    """In the fuller of their two rooms."""
    return enter(PATIENT, walk.one("chat:room", "patient").path)


def other(page: Page) -> Locator:
    """The row of the room one is not in."""
    return page.get_by_role("navigation", name="Your groups").locator("li:not(:has([aria-current]))")


def path_of(row: Locator) -> str:
    return row.get_by_role("link").get_attribute("href") or ""


def says(page: Page, words: str) -> Locator:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()
    mine = page.locator(".message.mine", has_text=words)
    expect(mine.locator(".message-status")).to_have_text("Sent")
    return mine


def test_a_message_elsewhere_counts_at_once_and_reading_it_on_another_device_takes_it_away(
    enter: Enter, juniper: Page
) -> None:
    row = other(juniper)
    count, path = row.locator(".count"), path_of(row)
    phone = enter(PATIENT, path, viewport={"width": 390, "height": 844})
    phone.locator(".chat-scroll").evaluate("box => { box.scrollTop = 0 }")
    expect(count).to_be_hidden()
    phone.context.close()

    imani = enter(CO_FACILITATOR, path)
    says(imani, "A first word from elsewhere.")
    expect(count).to_have_text("1 new")
    line = says(imani, "A second word from elsewhere.")
    expect(count).to_have_text("2 new")
    assert juniper.get_by_role("log").inner_text() == ""  # seen when one looks, never called out

    line.hover()
    line.locator("summary").click()
    line.get_by_role("button", name="Take back").click()
    imani.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(count).to_have_text("1 new")

    juniper.reload()
    expect(juniper.locator("chat-room[data-live]")).to_have_count(1)
    expect(count).to_have_text("1 new")
    phone = enter(PATIENT, path, viewport={"width": 390, "height": 844})
    phone.locator(".chat-scroll").evaluate("box => { box.scrollTop = 0 }")
    expect(count).to_be_hidden()


def test_on_a_phone_the_way_back_says_how_much_is_new_elsewhere(enter: Enter, juniper: Page, walk: Walk) -> None:
    path = path_of(other(juniper))
    phone = enter(PATIENT, walk.one("chat:room", "patient").path, viewport={"width": 390, "height": 844})
    back = phone.get_by_role("main").get_by_role("link", name="Groups").locator(".count")
    before = int(back.inner_text().split()[0]) if back.is_visible() else 0
    says(enter(CO_FACILITATOR, path), "Something for the phone.")
    expect(back).to_have_text(f"{before + 1} new")
    expect(other(juniper).locator(".count")).to_have_text(f"{before + 1} new")


def test_what_came_while_the_network_was_away_is_counted_once(enter: Enter, juniper: Page) -> None:
    row = other(juniper)
    imani = enter(CO_FACILITATOR, path_of(row))
    count = row.locator(".count")
    before = int(count.inner_text().split()[0]) if count.is_visible() else 0
    juniper.context.set_offline(True)
    expect(juniper.locator("chat-room[data-live]")).to_have_count(0)
    says(imani, "While you were away.")
    juniper.context.set_offline(False)
    expect(count).to_have_text(f"{before + 1} new")
    says(imani, "And now that you are back.")
    expect(count).to_have_text(f"{before + 2} new")
