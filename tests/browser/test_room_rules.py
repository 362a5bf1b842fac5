"""The rules of a room change while people are in it: nobody loses what they type, where they are or what they chose."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chat import ruling
from chat.models import Room, RoomState
from chat.rules import RoomRules
from groups.membership.models import Group
from tests.browser.pictures import A_LAKE
from tests.browser.test_fresh import opens, rows_beside_a_browser, there  # noqa: F401 (fixtures)
from tests.chat.conftest import room  # noqa: F401 (a fixture)
from tests.chat.kinds import There
from tests.portal.running import soon

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = {"state": RoomState.OPEN, "slow_seconds": 0, "opens_at": None, "closes_at": None}
READ_ONLY = OPEN | {"state": RoomState.READ_ONLY}
HEARD = """() => {
    window.heard = []
    const note = ({ addedNodes }) => addedNodes.forEach((one) => heard.push(one.textContent))
    new MutationObserver((all) => all.forEach(note)).observe(document.querySelector("[role=log]"), { childList: true })
    window.stayed = true
}"""
PLACE = """() => {
    const box = document.querySelector("textarea")
    const scroll = document.querySelector(".chat-scroll").scrollTop
    const { files } = box.form.elements.picture
    return [document.activeElement === box, box.selectionStart, box.selectionEnd, scroll, files.length]
}"""


@pytest.fixture
def rules(there: There) -> Callable[..., None]:  # noqa: F811
    """A facilitator sets the rules of the room."""

    def set_rules(**values: object) -> None:
        chosen = RoomRules(**(OPEN | values))  # type: ignore[arg-type]
        ruling.set_rules(there.amina, there.room.public_id, rules=chosen, at=timezone.now())

    return set_rules


@pytest.fixture
def page(browser, serving, there: There) -> Iterator[Page]:  # noqa: F811
    """Ben in the middle of a message, with a picture chosen, reading further up."""
    Group.objects.filter(pk=there.room.group_id).update(pictures=True)
    for number in range(40):
        there.say(there.carla, f"Line {number}", at=timezone.now() - timedelta(seconds=3 * (42 - number)))
    portal = serving("daphne")
    page = opens(browser, portal, portal.sign_in(there.ben), there)
    page.evaluate(HEARD)
    page.get_by_text("Add a picture").click()
    page.get_by_label("Picture", exact=True).set_input_files([A_LAKE])
    box = page.get_by_label("Your message")
    box.fill("Half a thought")
    page.locator(".message").nth(10).scroll_into_view_if_needed()
    box.focus(timeout=1000)
    page.evaluate("() => document.querySelector('textarea').setSelectionRange(5, 7)")
    yield page
    assert page.evaluate("() => window.stayed") is True
    page.context.close()


def test_slow_mode_comes_and_goes_under_what_is_being_typed(page: Page, rules) -> None:
    before = page.evaluate(PLACE)
    assert (before[0], before[1:3], before[4]) == (True, [5, 7], 1)
    rules(slow_seconds=30)
    expect(page.locator(".composer-hint")).to_contain_text("Slow mode: one message each 30 seconds.")
    rules()
    expect(page.locator(".composer-hint")).not_to_contain_text("Slow mode")
    assert page.evaluate(PLACE) == before
    assert page.evaluate("() => heard") == [
        "Slow mode: one message each 30 seconds.",
        "You can write as usual again.",
    ]
    expect(page.get_by_label("Your message")).to_have_value("Half a thought")


def test_a_room_that_closes_puts_the_message_away_and_gives_it_back_whole(page: Page, rules) -> None:
    before = page.evaluate(PLACE)
    rules(state=RoomState.READ_ONLY)
    notice = page.locator(".chat-foot .notice")
    expect(notice).to_contain_text("This room is for reading only just now")
    expect(notice).to_contain_text("What you had begun to write is kept.")
    expect(notice).to_be_focused()  # the person was in the form: this is where it went
    page.locator(".message .menu > summary").last.click()
    expect(page.locator(".message .menu-list").last.get_by_role("link", name="Reply")).to_have_count(0)
    page.keyboard.press("Escape")
    notice.focus()
    rules()
    expect(page.get_by_label("Your message")).to_be_focused()
    assert page.evaluate(PLACE)[:3] == before[:3]
    assert page.evaluate(PLACE)[4] == 1
    expect(page.get_by_label("Your message")).to_have_value("Half a thought")
    page.locator(".message .menu > summary").last.click()
    expect(page.locator(".message .menu-list").last.get_by_role("link", name="Reply")).to_be_visible()


def test_who_reads_hears_it_once_and_stays_where_they_are(page: Page, rules) -> None:
    line = page.locator(".message").nth(10)
    line.focus()
    rules(state=RoomState.READ_ONLY)
    expect(page.locator(".chat-foot .notice")).to_be_visible()
    expect(line).to_be_focused()
    rules()
    expect(page.get_by_label("Your message")).to_have_value("Half a thought")
    expect(line).to_be_focused()
    closed = "This room is for reading only just now. A facilitator can open it again."
    kept = "What you had begun to write is kept."
    assert page.evaluate("() => heard") == [f"{closed} {kept}", "You can write here again."]


def test_a_change_of_ones_own_message_goes_on_through_it(page: Page, there: There, rules) -> None:  # noqa: F811
    there.say(there.ben, "As I said", at=timezone.now())
    mine = page.locator("li.message", has=page.locator(".message-text", has_text="As I said"))
    expect(mine).to_be_attached()
    mine.locator(".menu > summary").click()
    mine.get_by_role("button", name="Change").click()
    box = page.get_by_label("Your message")
    box.fill("As I meant to say")
    rules(slow_seconds=60)
    expect(page.locator(".composer-hint")).to_contain_text("Slow mode")
    expect(page.get_by_text("Change your message")).to_be_visible()
    expect(box).to_have_value("As I meant to say")


def test_what_changed_while_there_was_no_network_is_there_after(page: Page, there: There, rules) -> None:  # noqa: F811
    page.context.set_offline(True)
    expect(page.locator("chat-room[data-live]")).to_have_count(0)
    rules(slow_seconds=900)
    head = Room.objects.get(pk=there.room.pk).head_seq
    page.context.set_offline(False)
    assert soon(lambda: page.evaluate("() => document.querySelector('chat-room').feed.seq") == head)
    expect(page.locator(".composer-hint")).to_contain_text("Slow mode: one message each 15 minutes.")
    expect(page.get_by_label("Your message")).to_have_value("Half a thought")
