"""Coming back to a place in the room: by a link, by what is new, by marking it."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.chatters import Chatter, words
from tests.browser.people import FACILITATOR
from tests.portal.running import soon

CLIPBOARD = ["clipboard-read", "clipboard-write"]


def row_at_home(someone: Chatter, count: str) -> Locator:
    """The room's row, once the home page knows how much is new."""
    row = someone.page.get_by_role("main").get_by_role("listitem").filter(has_text="After the Infusion")

    def is_there() -> bool:
        someone.goes_to("/")
        return count in row.inner_text()

    assert soon(is_there)
    return row


def test_a_copied_link_leads_a_member_to_the_message(people: Callable[..., Chatter]) -> None:
    juniper = people(permissions=CLIPBOARD)
    said = words("The heron is back")
    juniper.says(said)
    juniper.opens_menu(said).get_by_role("button", name="Copy a link to it").click()
    expect(juniper.log).to_contain_text("The link is copied")
    link = juniper.page.evaluate("() => navigator.clipboard.readText()")
    assert "heron" not in link

    rosa = people(FACILITATOR, spot=None)
    rosa.page.goto(link)
    rosa.is_live()
    line = rosa.message(said)
    expect(line).to_be_focused()
    expect(line).to_be_in_viewport()
    assert line.evaluate("line => line.matches(':target')")


def test_a_link_to_an_old_message_opens_the_room_there(people: Callable[..., Chatter]) -> None:
    juniper = people()
    juniper.page.locator(".chat-pins > summary").click()
    pinned = juniper.page.locator(".chat-pins li", has_text="Welcome, everyone")
    pinned.get_by_role("link", name="By Rosa").click()
    line = juniper.message("Welcome, everyone")
    expect(line).to_be_focused()
    expect(line).to_be_in_viewport()
    expect(juniper.page.get_by_role("link", name="To the newest messages")).to_have_count(1)


def test_what_is_marked_unread_stays_new_until_it_is_read(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    lines = [words(about) for about in ("A first word", "A second word", "A third word")]
    for said in lines:
        rosa.says(said)
        expect(juniper.message(said)).to_be_visible()
    divided = juniper.page.locator(".chat-new + .message")
    juniper.opens_menu(lines[1]).get_by_role("button", name="Mark unread from here").click()
    expect(divided).to_contain_text(lines[1])
    expect(juniper.message(lines[1])).to_be_focused()
    row_at_home(juniper, "2 new")
    juniper.page.reload()
    row_at_home(juniper, "2 new")

    juniper.enters()
    expect(divided).to_contain_text(lines[1])
    juniper.opens_menu(lines[2]).get_by_role("button", name="Mark unread from here").click()
    expect(divided).to_contain_text(lines[2])
    row = row_at_home(juniper, "1 new")
    row.get_by_role("button", name="Mark as read").click()
    expect(row).not_to_contain_text("new")
    expect(juniper.page.get_by_role("status").filter(has_text="Marked as read.")).to_be_visible()


def test_a_members_message_leads_to_the_page_that_blocks(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    mine, hers = words("By a member"), words("By who facilitates")
    juniper.says(mine)
    rosa.says(hers)
    expect(juniper.message(hers)).to_be_visible()
    expect(rosa.message(mine)).to_be_visible()
    for someone, said in ((juniper, mine), (juniper, hers), (rosa, mine)):
        menu = someone.opens_menu(said)
        expect(menu.get_by_role("button", name="Mark unread from here")).to_be_visible()
        expect(menu.get_by_role("link", name="Block")).to_have_count(0)
        someone.page.keyboard.press("Escape")
    line = juniper.page.locator("li.message:not(.mine):not(:has(.message-role))").last
    name = line.locator(".message-head b").text_content() or ""
    line.hover()
    line.locator(".menu > summary").click()
    line.get_by_role("link", name="Block").click()
    expect(juniper.page.locator("p.person")).to_contain_text(name)
    juniper.page.get_by_role("main").get_by_role("link", name="Go back").click()
    juniper.is_live()


def test_marks_that_stack_and_signs_that_turn_stay_within_their_message(
    people: Callable[..., Chatter],
) -> None:
    """Thousands of accents on a letter would cover what others wrote; a turning sign would turn it round."""
    juniper = people()
    calm = juniper.says(words("Calm words"))
    juniper.says("A" + "\u0315\u0301\u0328" * 1300 + " \u202eturned")
    last = juniper.page.locator("li.message").last
    expect(last).to_contain_text("turned")
    expect(last.locator(".message-text")).to_have_css("overflow", "clip")
    expect(last.locator(".message-text > p")).to_have_css("unicode-bidi", "plaintext")
    expect(last.locator("time")).not_to_contain_text("\u202e")
    above, below = calm.bounding_box(), last.bounding_box()
    assert above is not None
    assert below is not None
    assert below["height"] < 150
    assert below["y"] >= above["y"] + above["height"] - 1
