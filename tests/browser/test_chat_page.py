"""The room in real browsers: two people at once, a network that goes and comes back, and no script at all."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, StorageState, expect

from tests.browser.barriers import barriers
from tests.browser.people import FACILITATOR, PATIENT, Visitor
from tests.portal.running import soon

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Chatter(Visitor):
    """Somebody in the room both the patient and the facilitator of the demo are in."""

    def __init__(self, browser: Browser, site: str, email: str, **context: object) -> None:
        super().__init__(browser, site, **context)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: "Security" in said.text and self.faults.append(said.text))
        if "storage_state" not in context:
            self.signs_in(email)
        self.goes_to("/groups/")
        self.page.get_by_role("link", name="After the Infusion").click()
        self.room = self.page.url.removeprefix(site).rstrip("/") + "/chat/"

    def enters(self, spot: str = "") -> Page:
        """Opens the room and waits for its line to be live."""
        self.goes_to(self.room + spot)
        self.is_live()
        return self.page

    def is_live(self) -> None:
        expect(self.page.locator("chat-room[data-live]")).to_have_count(1)

    def finds(self, true: str, arg: object = None) -> None:
        """Waits until this is true in the page. (The page's own policy lets no test evaluate text inside it.)"""
        assert soon(lambda: self.page.evaluate(true, arg)), true

    def says(self, words: str) -> Locator:
        """Types it and sends it; gives the message back."""
        self.box.fill(words)
        self.page.get_by_role("button", name="Send").click()
        return self.message(words)

    def message(self, words: str) -> Locator:
        return self.page.locator("li.message", has=self.page.locator(".message-text", has_text=words))

    def opens_menu(self, words: str) -> Locator:
        line = self.message(words)
        line.hover()
        line.locator(".menu > summary").click()
        return line.locator(".menu-list")

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")


@pytest.fixture(scope="module")
def sessions(browser: Browser, site: str) -> Callable[[str], StorageState]:
    """Everybody signs in once: the portal counts how often one does."""

    @cache
    def session(email: str) -> StorageState:
        someone = Visitor(browser, site)
        someone.signs_in(email)
        state = someone.context.storage_state()
        someone.context.close()
        return state

    return session


@pytest.fixture
def people(browser: Browser, site: str, sessions: Callable[[str], StorageState]) -> Iterator[Callable[..., Chatter]]:
    """Brings somebody into the room; looks at the end whether anything went wrong in their browser."""
    came: list[Chatter] = []

    def come(email: str = PATIENT, spot: str | None = "", fresh: bool = False, **context: object) -> Chatter:
        session = {} if fresh else {"storage_state": sessions(email)}
        someone = Chatter(browser, site, email, **(DESKTOP | session | context))
        came.append(someone)
        if spot is not None:
            someone.enters(spot)
        return someone

    yield come
    for someone in came:
        assert someone.faults == []
        someone.context.close()


def words(about: str) -> str:
    """Words nobody has said before."""
    return f"{about} {uuid4().hex[:6]}"


def texts(page: Page) -> list[str]:
    return page.locator(".message-text").all_inner_texts()


# Writing and reading


def test_two_people_talk_both_ways(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR, **PHONE)
    hello, answer = words("Hello"), words("Good to see you")
    mine = juniper.says(hello)
    expect(mine).to_have_class(re.compile("mine"))
    expect(mine.locator(".message-status")).to_have_text("Sent")
    expect(rosa.message(hello)).to_be_visible()
    expect(rosa.message(hello).locator("b")).to_have_text("Juniper")
    expect(rosa.message(hello)).not_to_have_class(re.compile("mine"))
    rosa.says(f"{answer} *truly*")
    expect(juniper.message(answer).locator("em")).to_have_text("truly")
    expect(juniper.message(answer).locator(".message-role")).to_have_text("Facilitator")
    expect(juniper.box).to_be_focused()


def test_only_news_is_read_out_and_ones_own_is_sent_once(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    heard = """() => {
        window.heard = []
        const note = (row) => heard.push(row.textContent)
        new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach(note)))
            .observe(document.querySelector("[role=log]"), {childList: true})
    }"""
    expect(juniper.log).to_have_text("")
    juniper.page.evaluate(heard)
    first, second = words("Morning"), words("You too")
    rosa.says(first)
    expect(juniper.log).to_contain_text(f"Rosa: {first}")
    juniper.says(second)
    expect(rosa.log).to_contain_text(f"Juniper: {second}")
    expect(juniper.log).to_contain_text("Sent")
    older = juniper.page.get_by_role("link", name="Older messages")
    count = len(texts(juniper.page))
    older.click()
    juniper.finds("count => document.querySelectorAll('.message').length > count", count)
    assert juniper.page.evaluate("heard") == [f"Rosa: {first}", "Sent"]


def test_the_device_decides_whether_enter_sends_and_drafts_stay(people: Callable[..., Chatter]) -> None:
    desk, phone = people(), people(FACILITATOR, **PHONE)
    line = words("One line")
    desk.box.press_sequentially(line)
    desk.page.keyboard.press("Shift+Enter")
    desk.box.press_sequentially("and another")
    desk.page.reload()
    expect(desk.box).to_have_value(f"{line}\nand another")
    desk.is_live()
    desk.box.press("Enter")
    expect(desk.box).to_have_value("")
    expect(phone.message(line)).to_contain_text("and another")
    phone.box.fill("A line")
    phone.box.press("Enter")
    expect(phone.box).to_have_value("A line\n")
    phone.box.fill("")


# A network that goes and comes back


def test_what_is_written_without_a_network_waits_and_goes_out_once_in_order(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    juniper.loses_the_network()
    first, second, missed = words("First"), words("Second"), words("Missed")
    for each in (first, second):
        expect(juniper.says(each).locator(".message-status")).to_have_text("Waiting")
    expect(juniper.page.get_by_text("No connection. What you write waits here")).to_be_visible()
    rosa.says(missed)
    expect(rosa.message(missed).locator(".message-status")).to_have_text("Sent")
    assert juniper.message(missed).count() == 0
    juniper.finds_the_network()
    expect(juniper.message(missed)).to_be_visible()
    for someone in (juniper, rosa):
        expect(someone.message(second)).to_be_visible()
        assert [each for each in texts(someone.page) if each in (first, second, missed)] == [missed, first, second]
    expect(juniper.page.get_by_text("No connection")).to_have_count(0)
    juniper.enters()
    assert (juniper.message(first).count(), juniper.message(second).count()) == (1, 1)


def test_a_reload_keeps_what_is_unsent_and_it_can_be_discarded(people: Callable[..., Chatter]) -> None:
    juniper = people()
    juniper.page.evaluate("WebSocket.prototype.send = () => {}")  # a line that swallows everything
    kept, dropped = words("Kept"), words("Dropped")
    juniper.says(kept)
    juniper.says(dropped)
    stored = juniper.page.evaluate("[JSON.stringify(localStorage), sessionStorage.getItem('unsent')]")
    assert stored[0] == "{}"
    assert kept in stored[1]
    juniper.page.evaluate(
        """(words) => {
            const kept = JSON.parse(sessionStorage.unsent)
            const [room] = Object.values(kept.rooms)
            room.outbox[1].state = "refused"
            room.outbox[1].words = "This message could not be kept."
            sessionStorage.unsent = JSON.stringify(kept)
        }"""
    )
    juniper.page.reload()
    juniper.is_live()
    expect(juniper.message(kept).locator(".message-status")).to_have_text("Sent")
    refused = juniper.message(dropped)
    expect(refused).to_contain_text("Not sent")
    expect(refused).to_contain_text("This message could not be kept.")
    refused.get_by_role("button", name="Discard").click()
    expect(refused).to_have_count(0)
    juniper.page.reload()
    juniper.is_live()
    assert (juniper.message(kept).count(), juniper.message(dropped).count()) == (1, 0)


def test_an_answer_that_got_lost_makes_no_second_message(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    juniper.page.evaluate("document.querySelector('chat-room').hear = () => {}")  # hears nothing of what comes
    once = words("Only once")
    juniper.says(once)
    expect(rosa.message(once)).to_be_visible()
    expect(juniper.message(once).locator(".message-status")).to_have_text("Waiting")
    juniper.page.reload()
    juniper.is_live()
    expect(juniper.message(once)).to_have_count(1)
    juniper.finds("document.querySelector('chat-room').outbox.entries.length === 0")
    expect(juniper.message(once)).to_have_count(1)
    assert rosa.message(once).count() == 1


# Changing and taking away


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
