"""Whole journeys by the keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keys import Typist
from tests.browser.people import PATIENT
from tests.browser.walk import Walk

SITUATIONS = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
ASKS = {"desk": "clementine@example.com", "phone": "moss@example.org"}
LEAVES = {
    "desk": ("marisol@example.org", "Two Hours Together"),
    "phone": ("j.bird@example.com", "Both Kinds of Weather"),
}


@pytest.fixture(params=SITUATIONS)
def where(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def typist(browser: Browser, site: str, where: str) -> Iterator[Typist]:
    somebody = Typist(browser, site, **SITUATIONS[where])
    yield somebody
    somebody.page.context.close()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))


def test_signing_in_after_a_mistake(typist: Typist) -> None:
    page, main = typist.page, typist.page.get_by_role("main")
    typist.opens("/")
    typist.follows(page.get_by_role("link", name="Sign in"))
    heading(page, "Sign in")
    typist.fills(main.get_by_label("E-mail"), "nobody@example.org")
    typist.fills(main.get_by_label("Password", exact=True), "not the password")
    typist.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    typist.goes_on_within(main)
    typist.signs_in(PATIENT)


def test_the_skip_link_comes_first_and_leads_past_everything(typist: Typist) -> None:
    page = typist.page
    typist.signs_in(PATIENT)
    for path in ("/", "/groups/", "/schedule/", "/resources/", "/me/"):
        typist.opens(path)
        typist.press("Tab")
        expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
        typist.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        typist.goes_on_within(page.get_by_role("main"))


def test_the_help_opens_over_the_page_and_gives_the_focus_back(typist: Typist) -> None:
    page = typist.page
    typist.signs_in(PATIENT)
    opener = page.get_by_role("banner").get_by_role("link", name="Get help now")
    typist.follows(opener)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    typist.keeps_the_focus()
    typist.goes_on_within(dialog)
    typist.press("Escape")
    expect(opener).to_be_focused()


def test_asking_to_join_a_group(typist: Typist, where: str) -> None:
    page, main = typist.page, typist.page.get_by_role("main")
    typist.signs_in(ASKS[where])
    typist.follows(page.get_by_role("link", name="Groups", exact=True))
    typist.follows(main.get_by_role("link", name="Steady Ground"))
    typist.fills(main.get_by_role("textbox"), "I would like to sit with you.")
    typist.goes_to(main.get_by_role("checkbox"))
    typist.press("Space")
    typist.follows(main.get_by_role("button", name="Ask to join"))
    expect(page.get_by_text("You asked").first).to_be_visible()


def test_answering_a_session_goes_on_where_one_was(typist: Typist) -> None:
    page = typist.page
    typist.signs_in("grandma.dee@example.com")
    typist.follows(page.get_by_role("link", name="Schedule", exact=True))
    session = page.get_by_role("main").get_by_role("listitem").filter(has=page.locator("button[name=reply]"))
    reply = session.first.locator("button[aria-pressed=false]").first
    value = reply.get_attribute("value")
    typist.goes_to(reply)
    typist.press("Space")
    pressed = session.first.locator(f"button[value={value}]")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    typist.goes_on_within(session)


def test_writing_reporting_and_coming_back(typist: Typist, walk: Walk) -> None:
    page = typist.page
    typist.signs_in(PATIENT)
    typist.opens(walk.one("chat:room", "patient").path)
    expect(page.locator("chat-room[data-live]")).to_have_count(1)
    typist.follows(page.get_by_role("link", name="Skip to writing"))
    box = page.get_by_label("Your message")
    expect(box).to_be_focused()
    typist.writes("Written without a mouse.")
    typist.press("Enter")
    mine = page.locator(".message.mine").filter(has_text="Written without a mouse.").last
    expect(mine).to_contain_text("Sent")
    expect(box).to_be_focused()

    typist.press("Escape")
    typist.goes_to(page.locator(".message[tabindex='0']"), "Shift+Tab")
    for _ in range(30):  # up to the nearest message that somebody else wrote
        if page.evaluate("!document.activeElement.matches('.mine') && document.activeElement.matches('.message')"):
            break
        typist.press("ArrowUp")
    typist.keeps_the_focus()
    typist.press("Enter")
    expect(page.locator("details[open] .menu-list")).to_be_visible()
    typist.keeps_the_focus()
    typist.goes_to(page.locator("details[open]").get_by_text("Tell a facilitator"))
    typist.press("Enter")

    heading(page, "Tell a facilitator")
    main = page.get_by_role("main")
    typist.goes_to(main.get_by_role("radio"))
    typist.press("ArrowDown")
    typist.fills(main.get_by_role("textbox"), "It made me sad.")
    typist.follows(main.get_by_role("button", name="Tell a facilitator"))
    expect(page.get_by_role("status").first).to_be_visible()
    expect(page).to_have_url(re.compile("/chat/"))


def test_leaving_a_group(typist: Typist, where: str) -> None:
    email, group = LEAVES[where]
    page, main = typist.page, typist.page.get_by_role("main")
    typist.signs_in(email)
    typist.opens("/groups/")
    typist.follows(main.get_by_role("link", name=group))
    opener = page.get_by_role("link", name="Leave this group")
    typist.follows(opener)
    dialog = page.get_by_role("dialog", name="Leave this group?")
    expect(dialog).to_be_visible()
    typist.press("Escape")
    expect(opener).to_be_focused()
    typist.press("Enter")
    typist.follows(dialog.get_by_role("button", name="Leave this group"))
    expect(dialog).to_have_count(0)
    typist.opens("/groups/")
