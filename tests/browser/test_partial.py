"""Forms that change only their part of the page: seen at once, said once, and the focus stays where the hand is."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.barriers import barriers
from tests.browser.people import FACILITATOR, PATIENT, Visitor
from tests.browser.walk import Walk

NEWCOMER = "bluebird66@example.com"  # in none of the facilitator's groups


@pytest.fixture
def arrives(browser: Browser, walk: Walk) -> Iterator[Callable[..., Page]]:
    """Somebody of the demo, signed in, on one of their pages."""
    contexts = []

    def arrive(email: str, path: str, **how: object) -> Page:
        contexts.append(walk.enter(browser, email, **how))
        page = contexts[-1].new_page()
        page.goto(path)
        return page

    yield arrive
    for context in contexts:
        context.close()


def rows(page: Page) -> Locator:
    """The sessions that can be answered."""
    return page.locator(".row").filter(has=page.get_by_role("button", name="Maybe"))


def mark(page: Page) -> None:
    """Leave a sign that is gone when the page is loaded anew."""
    page.evaluate("window.stayed = true; document.querySelectorAll('.row').forEach((row) => { row.marked = true })")


def stayed(page: Page) -> bool:
    return page.evaluate("window.stayed === true")


def press(row: Locator, name: str) -> Locator:
    button = row.get_by_role("button", name=name)
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    return button


def test_an_answer_changes_its_row_alone_and_is_said_once(arrives: Callable[..., Page]) -> None:
    page = arrives(PATIENT, "/schedule/")
    mark(page)
    page.evaluate(
        "(window.heard = [], new MutationObserver(() => window.heard.push(document.querySelector('.said').textContent))"
        ".observe(document.querySelector('.said'), { childList: true }))"
    )
    for name, words in (("Maybe", "Thank you. You can decide later."), ("Yes", "Thank you. You’re coming.")):
        button = press(rows(page).first, name)
        expect(button).to_be_focused()
        expect(page.get_by_role("status")).to_have_text(words)
    assert page.evaluate("window.heard.filter(Boolean)") == [
        "Thank you. You can decide later.",
        "Thank you. You’re coming.",
    ]
    assert stayed(page)
    assert page.evaluate("[...document.querySelectorAll('.row')].map((row) => row.marked === true)").count(False) == 1
    assert barriers(page) == []
    page.reload()
    expect(rows(page).first.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("main").get_by_text("Thank you")).to_have_count(0)


def test_the_page_of_a_session_says_what_was_answered(arrives: Callable[..., Page]) -> None:
    page = arrives(PATIENT, "/schedule/")
    rows(page).last.get_by_role("link").click()
    mark(page)
    press(page.locator("#answer"), "No")
    expect(page.get_by_role("heading", name="You can’t come")).to_be_visible()
    press(page.locator("#answer"), "Yes")
    expect(page.get_by_role("heading", name="You’re coming")).to_be_visible()
    assert stayed(page)


def test_a_request_is_decided_where_it_stands(browser: Browser, site: str, arrives: Callable[..., Page]) -> None:
    newcomer = Visitor(browser, site)
    newcomer.signs_in(NEWCOMER)
    asking = newcomer.goes_to("/groups/")
    asking.get_by_role("link", name="About this group: Steady Ground").click()
    asking.get_by_label("I have read the agreement").check()
    asking.get_by_role("button", name="Ask to join").click()
    expect(asking.get_by_text("You asked to join.")).to_be_visible()
    newcomer.context.close()

    page = arrives(FACILITATOR, "/queue/")
    mark(page)
    waiting = page.get_by_role("button", name=re.compile("^Welcome")).count()
    page.get_by_role("button", name="Welcome Bluebird66").press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Welcome"))).to_have_count(waiting - 1)
    expect(page.get_by_role("status")).to_have_text("Bluebird66 is in the group now.")
    expect(page.get_by_role("heading", level=1 if waiting == 1 else 2).first).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") in ("H1", "H2")
    assert stayed(page)
    assert barriers(page) == []


def test_the_whole_page_comes_where_scripts_do_not_run(arrives: Callable[..., Page]) -> None:
    page = arrives(PATIENT, "/schedule/", java_script_enabled=False)
    rows(page).first.get_by_role("button", name="Maybe").click()
    expect(page.locator("main").get_by_text("You can decide later.")).to_be_visible()
    expect(rows(page).first.get_by_role("button", name="Maybe")).to_have_attribute("aria-pressed", "true")


def test_without_a_network_nothing_is_lost_and_it_can_be_pressed_again(arrives: Callable[..., Page]) -> None:
    page = arrives(PATIENT, "/schedule/")
    mark(page)
    page.context.set_offline(True)
    button = rows(page).first.get_by_role("button", name="No")
    button.click()
    expect(page.get_by_role("status")).to_have_text(re.compile("^We cannot reach the portal"))
    expect(button).to_be_focused()
    page.context.set_offline(False)
    press(rows(page).first, "No")
    assert stayed(page)


def test_who_was_signed_out_meanwhile_comes_to_the_door(arrives: Callable[..., Page]) -> None:
    page = arrives(PATIENT, "/schedule/")
    page.context.clear_cookies(name=re.compile("^session"))
    rows(page).first.get_by_role("button", name="Maybe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_page_left_open_over_midnight_does_not_go_on_saying_today(browser: Browser, site: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{site}/kit/")
    near = page.locator("time[data-later]").first
    expect(near).to_have_text(re.compile("^(Today|Tomorrow), "))
    later = near.get_attribute("data-later")
    wake = "dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(wake)
    expect(near).to_have_text(re.compile("^(Today|Tomorrow), "))
    page.evaluate("(now => { Date.prototype.toDateString = () => now })('another day')")
    page.evaluate(wake)
    expect(page.locator("time[data-later]")).to_have_count(0)
    expect(page.get_by_text(later or "", exact=False).first).to_be_visible()
    page.context.close()
