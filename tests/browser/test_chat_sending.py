"""Writing in real browsers: a network that goes and comes back, a reload, an answer that got lost."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.chatters import PHONE, Chatter, texts, words
from tests.browser.people import FACILITATOR


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
