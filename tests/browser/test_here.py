"""Who writes and who is here, in two real browsers: quiet, and only of who chose it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.chatters import Chatter
from tests.browser.people import FACILITATOR
from tests.browser.test_preferences import choose, save

PAGE = "/me/display/"


def chooses(someone: Chatter, what: str) -> None:
    page = someone.goes_to(PAGE)
    choose(page, "While you write", "Show others when I am writing" if what == "on" else "Nobody sees it")
    choose(page, "While you have a chat open", "Show others when I am here" if what == "on" else "Nobody sees it")
    save(page)


def test_who_chose_it_is_seen_here_and_writing(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    line, here = (rosa.page.locator(css) for css in (".chat-writing", ".chat-here"))
    juniper.box.press_sequentially("I wonder")
    expect(line).to_be_hidden()
    expect(here).to_be_hidden()
    juniper.box.fill("")

    chooses(juniper, "on")
    juniper.enters()
    expect(here).to_have_text("Here now Juniper")
    wide = rosa.page.viewport_size
    rosa.page.set_viewport_size({"width": 390, "height": 844})
    expect(here).to_be_hidden()
    expect(rosa.page.get_by_text("Here now: Juniper")).to_be_visible()
    rosa.page.set_viewport_size(wide)
    juniper.box.press_sequentially("I wonder")
    expect(line).to_have_text("Juniper is writing")
    expect(rosa.log).not_to_contain_text("Juniper is writing")
    expect(juniper.page.locator(".chat-writing")).to_be_hidden()
    expect(line).to_be_hidden(timeout=9_000)
    juniper.box.fill("")

    chooses(juniper, "off")
    expect(here).to_be_hidden()


def test_a_facilitator_says_until_when_they_are_here(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    watch = juniper.page.locator(".chat-watch")
    expect(watch).to_contain_text("Facilitators read here, but not at every hour.")
    expect(watch).not_to_contain_text("is here until")
    rosa.page.get_by_role("link", name="Say until when you are here").click()
    rosa.page.get_by_role("textbox", name="Until").fill("23:59")
    rosa.page.get_by_role("button", name="Show it").click()
    expect(watch).to_contain_text("Rosa is here until 11:59pm.")
    rosa.page.get_by_role("link", name="Say until when you are here").click()
    rosa.page.get_by_role("button", name="I am no longer here").click()
    expect(watch).not_to_contain_text("is here until")
