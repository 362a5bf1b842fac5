"""The room in real browsers: what one does and all see, reading, and no script at all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Request, StorageState, expect

from tests.browser.barriers import barriers
from tests.browser.chatters import PHONE, Chatter, words
from tests.browser.people import FACILITATOR, PATIENT
from tests.portal.running import soon


def test_replies_quote_and_changes_reach_everybody(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    asked, answered = words("How was it"), words("Calm")
    juniper.says(asked)
    rosa.opens_menu(asked).get_by_role("link", name="Reply").click()
    expect(rosa.page.get_by_text("Reply to Juniper")).to_be_visible()
    rosa.says(answered)
    quote = juniper.message(answered).locator(".message-quote")
    expect(quote).to_contain_text(asked)
    juniper.opens_menu(asked).get_by_role("button", name="Change").click()
    expect(juniper.box).to_have_value(asked)
    juniper.box.fill(f"{asked} today")
    juniper.box.press("Enter")
    for someone in (juniper, rosa):
        expect(someone.message(f"{asked} today").locator(".message-note")).to_have_text("Changed")
        expect(someone.message(answered).locator(".message-quote")).to_contain_text(f"{asked} today")
    expect(juniper.box).to_have_value("")


def test_a_message_taken_back_is_gone_for_everybody(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("Too much")
    juniper.says(said)
    rosa.opens_menu(said).get_by_role("link", name="Reply").click()
    rosa.says(words("I hear you"))
    juniper.opens_menu(said).get_by_role("button", name="Take back").click()
    juniper.page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    for someone in (juniper, rosa):
        expect(someone.page.locator(".message", has_text="Taken back by").last).to_be_visible()
        someone.finds("said => !document.querySelector('.chat-sheet').innerHTML.includes(said)", said)


def test_a_message_hidden_by_a_facilitator_disappears_and_comes_back(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("Something hurtful")
    line = juniper.says(said)
    expect(rosa.message(said)).to_be_visible()
    rosa.opens_menu(said).get_by_role("link", name="Hide").click()
    rosa.page.get_by_label("Why?").fill("It hurts others.")
    rosa.page.get_by_role("button", name="Hide it").click()
    expect(rosa.page.get_by_text("Members do not see it now")).to_be_visible()
    expect(juniper.page.get_by_text("Hidden by a facilitator.").last).to_be_visible()
    expect(line).to_have_count(0)
    assert said not in juniper.page.content()
    rosa.is_live()
    rosa.page.locator(".message", has_text="Hidden by a facilitator.").last.locator("summary").click()
    rosa.page.get_by_role("link", name="Show again").click()
    rosa.page.get_by_label("Why?").fill("A mistake.")
    rosa.page.get_by_role("button", name="Show it again").click()
    expect(juniper.message(said)).to_be_visible()


def test_a_page_that_heard_everything_equals_a_fresh_one(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = [words("One"), words("Two *three*\n- a list\n- of two"), words("A link https://example.org")]
    for each in said:
        juniper.says(each)
        expect(rosa.page.locator(".message-text").last).to_contain_text(each.split("\n")[0].split(" *")[0])
    rosa.opens_menu(said[0]).get_by_role("link", name="Reply").click()
    rosa.says(words("Reply"))
    for reacted, kind in ((said[0], "Hope"), (said[2], "Same here")):
        rosa.opens_menu(reacted).get_by_role("button", name=kind).click()
        expect(juniper.message(reacted).locator(".reaction")).to_be_visible()
    juniper.opens_menu(said[0]).get_by_role("button", name="Take back").click()
    juniper.page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    for someone in (juniper, rosa):
        expect(someone.page.locator(".message").last.get_by_text("This is not shown any more.")).to_be_visible()
    drawn = """() => [...document.querySelectorAll(".chat-list > :is(.message, .chat-day)")].slice(-4).map((line) => {
        const copy = line.cloneNode(true)
        for (const it of [copy, ...copy.querySelectorAll("*")]) {
            const passing = ["tabindex", "data-body", "aria-label", "data-what", "hidden"]
            for (const name of passing) it.removeAttribute(name)
            if (it.href) it.setAttribute("href", it.href)
            it.classList.remove("menu-up", "menu-start")
            if (it.matches(".menu-list")) it.removeAttribute("style")
            it.className = [...it.classList].sort().join(" ")
            if (it.matches("time")) it.setAttribute("datetime", new Date(it.dateTime).toISOString())
            const named = [...it.attributes].map(({name, value}) => [name, value]).filter(([, value]) => value).sort()
            for (const name of it.getAttributeNames()) it.removeAttribute(name)
            for (const [name, value] of named) it.setAttribute(name, value)
        }
        copy.querySelectorAll(".message-status, [data-deed], .menu-list .reactions").forEach((it) => it.remove())
        return copy.outerHTML.replace(/\\s+/g, " ").replaceAll("> <", "><")
    })"""
    live = {someone: someone.page.evaluate(drawn) for someone in (juniper, rosa)}
    for someone, before in live.items():
        someone.enters()
        after = someone.page.evaluate(drawn)
        assert before == after


# Moving about


def test_older_messages_come_in_above_without_moving_what_is_read(people: Callable[..., Chatter]) -> None:
    juniper = people()
    page = juniper.page
    older = page.get_by_role("link", name="Older messages")
    older.scroll_into_view_if_needed()
    line = page.locator(".message").first
    before, id_ = line.bounding_box(), line.get_attribute("id")
    older.click()
    expect(page.locator(".message").first).not_to_have_attribute("id", id_ or "")
    after = page.locator(f"[id='{id_}']").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    assert page.locator(".chat-day").count() == len(set(page.locator(".chat-day").all_inner_texts()))


def test_writing_on_a_page_of_the_past_leads_to_the_present(people: Callable[..., Chatter]) -> None:
    juniper = people(spot="?before=60")
    expect(juniper.page.get_by_role("link", name="To the newest messages")).to_be_visible()
    said = words("Back here")
    juniper.says(said)
    expect(juniper.message(said)).to_be_in_viewport()
    expect(juniper.page.get_by_role("link", name="To the newest messages")).to_have_count(0)
    expect(juniper.box).to_have_value("")


def test_who_reads_above_is_told_of_news_and_gets_there_by_a_button(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    juniper.page.locator(".message").nth(5).scroll_into_view_if_needed()
    expect(juniper.page.get_by_role("button", name="To the end")).to_be_visible()
    top = juniper.page.locator(".message").nth(5).bounding_box()
    said = words("Down here")
    rosa.says(said)
    rosa.says(words("And here"))
    jump = juniper.page.get_by_role("button", name="2 new messages")
    expect(jump).to_be_visible()
    assert juniper.page.locator(".message").nth(5).bounding_box() == top
    jump.click()
    expect(juniper.message(said)).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_the_keyboard_walks_through_messages_and_back_to_writing(people: Callable[..., Chatter]) -> None:
    juniper = people()
    page, lines = juniper.page, juniper.page.locator(".message")
    juniper.box.focus()
    for _ in range(1 + lines.last.locator("a:visible, summary").count()):  # its menu and its links come first
        page.keyboard.press("Shift+Tab")
    expect(lines.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(lines.nth(-2)).to_be_focused()
    page.keyboard.press("Home")
    expect(lines.first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(lines.last.locator(".menu-list a:visible, .menu-list button:visible").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(lines.last.locator("summary")).to_be_focused()
    page.keyboard.press("Escape")
    expect(juniper.box).to_be_focused()
    assert page.locator(".message[tabindex='0']").count() == 1


def test_reading_to_the_end_clears_what_is_new_and_the_divider_stays(people: Callable[..., Chatter]) -> None:
    rosa, juniper = people(FACILITATOR), people(spot=None)
    said = words("News for you")
    juniper.enters()
    expect(juniper.page.locator("chat-room")).to_be_visible()
    juniper.goes_to("/")
    rosa.says(said)
    expect(rosa.message(said).locator(".message-status")).to_have_text("Sent")
    home = juniper.goes_to("/")
    row = home.locator(".row", has_text="After the Infusion")
    expect(row).to_contain_text("1 new")
    juniper.enters()
    divider = juniper.page.locator(".chat-new + .message")
    expect(divider).to_contain_text(said)
    juniper.finds("document.querySelector('chat-room').reading.told > 0")
    expect(divider).to_have_count(1)

    def is_new() -> bool:  # a mark is kept a moment after the page has told of it
        return "new" in juniper.goes_to("/").locator(".row", has_text="After the Infusion").inner_text()

    assert soon(lambda: not is_new())


# Without a script, and without a right


def test_without_a_script_the_room_reads_and_posts(people: Callable[..., Chatter]) -> None:
    rosa = people(FACILITATOR)
    plain = people(spot=None, java_script_enabled=False)
    page = plain.goes_to(plain.room)
    expect(page.locator(".message").last).to_be_in_viewport()
    said = words("Plainly said")
    plain.says(said)
    expect(plain.message(said)).to_be_in_viewport()
    expect(rosa.message(said)).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("There is nothing to send yet.")).to_be_visible()
    plain.message(said).locator("summary").click()
    plain.message(said).get_by_role("link", name="React and more").click()
    page.get_by_role("link", name="Reply").click()
    expect(page.get_by_text("Reply to Juniper")).to_be_visible()
    page.get_by_role("link", name="Older messages").click()
    page.get_by_role("link", name="To the newest messages").click()
    expect(plain.message(said)).to_be_in_viewport()


def test_a_mute_is_seen_at_once_and_so_is_its_end(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    juniper.box.fill("Half a thought")
    staff = rosa.goes_to(rosa.room.replace("/chat/", "/people/"))
    row = staff.get_by_role("listitem").filter(has_text="Juniper").first
    row.locator("summary").click()
    row.get_by_role("link", name="Mute for a time").click()
    staff.get_by_label("1 hour").check()
    staff.get_by_label("Why?").fill("Let us all take a breath.")
    staff.get_by_role("button", name="Mute", exact=True).click()
    expect(juniper.page.get_by_text("Let us all take a breath.")).to_be_visible(timeout=10_000)
    expect(juniper.box).to_have_count(0)
    row.locator("summary").click()
    row.get_by_role("link", name="Change the mute").click()
    staff.get_by_role("button", name="End the mute now").click()
    expect(juniper.box).to_have_value("Half a thought", timeout=10_000)
    juniper.box.fill("")


def test_signing_out_in_one_window_empties_the_other(people: Callable[..., Chatter]) -> None:
    juniper = people(fresh=True)
    juniper.box.fill("Half a thought")
    other = juniper.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    page = juniper.page
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    assert page.locator(".message, textarea").count() == 0
    assert "After the Infusion" not in page.content()
    assert page.evaluate("sessionStorage.length") == 0
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("E-mail")).to_be_visible()


# What every page owes everybody


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_room_has_no_barrier(people: Callable[..., Chatter], theme: str, width: int) -> None:
    rosa = people(FACILITATOR, color_scheme=theme, viewport={"width": width, "height": 844})

    def look(state: str) -> None:
        assert [f"{state}: {barrier}" for barrier in barriers(rosa.page)] == []
        assert rosa.page.evaluate("document.documentElement.scrollWidth") == width

    look("full")
    rosa.page.locator(".message").last.hover()
    rosa.page.locator(".message").last.locator("summary").click()
    look("open menu")
    rosa.page.keyboard.press("Escape")
    rosa.loses_the_network()
    rosa.says(words("Waiting"))
    expect(rosa.page.get_by_text("No connection.")).to_be_visible()
    look("offline")


def test_the_room_moves_little_shifts_nothing_and_asks_nobody_else(
    people: Callable[..., Chatter], browser: Browser, sessions: Callable[[str], StorageState]
) -> None:
    juniper = people(spot=None)
    page = browser.new_context(storage_state=sessions(PATIENT), **PHONE).new_page()  # with nothing kept from before
    moved: list[Request] = []
    page.on("request", lambda request: moved.append(request))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((it) => { shift += it.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(juniper.site + juniper.room)
    expect(page.locator("chat-room[data-live]")).to_have_count(1)
    page.wait_for_timeout(500)
    assert page.evaluate("shift") == 0
    pages = [request for request in moved if request.resource_type != "websocket"]
    assert len(pages) <= 8
    assert {request.url.split("/")[2] for request in pages} == {juniper.site.split("/")[2]}
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((it) => it.encodedBodySize)"
    )
    page.context.close()
    assert sum(sizes) < 100_000
