"""Whoever has no script, large letters, colours of their own, or no liking for motion reads the schedule, answers a
session, reads the room and writes a message there, like everybody."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looks import PATIENT
from tests.browser.people import Visitor
from tests.browser.walk import Walk

SMALL = {"width": 320, "height": 640}  # a small phone, or 640 pixels at 200%
ZOOMED = {"width": 640, "height": 400}  # a small desk screen at 200%
TRANSPARENT = "rgba(0, 0, 0, 0)"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOVING = """() => [...document.querySelectorAll("*")].filter((it) => {
  const style = getComputedStyle(it)
  const spans = `${style.transitionDuration},${style.animationDuration}`.split(",").map(parseFloat)
  return Math.max(...spans) > 0.01 || style.scrollBehavior === "smooth"
}).map((it) => it.outerHTML.slice(0, 80))"""
IN_SIGHT = """() => [...document.querySelectorAll(".message-text")].filter((it) => {
  const box = it.getBoundingClientRect()
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest(".bubble")
}).length"""
SHAPELESS = """() => [...document.querySelectorAll("button, .button, input, select, textarea")].filter((it) => {
  const style = getComputedStyle(it)
  const edge = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none"
  return it.checkVisibility() && it.type !== "hidden" && !edge && !it.querySelector("svg") && !it.innerText?.trim()
}).map((it) => it.outerHTML.slice(0, 80))"""


@pytest.fixture
def visitor(browser: Browser, walk: Walk) -> Iterator[Callable[..., Page]]:
    """A page of the patient, signed in, in a browser with these habits."""
    contexts = []

    def come(**habits: object) -> Page:
        contexts.append(walk.enter(browser, PATIENT, **habits))
        return contexts[-1].new_page()

    yield come
    for context in contexts:
        context.close()


def answers_a_session(page: Page) -> Locator:
    """Reads when the next session is, and gives the answer not given yet; gives the pressed button back."""
    page.goto("/schedule/")
    session = page.get_by_role("main").get_by_role("listitem").filter(has=page.locator("button[name=reply]")).first
    expect(session.locator("time").first).to_contain_text(re.compile(r"\d[ap]m"))
    open_reply = session.locator("button[aria-pressed=false]").first
    reply = open_reply.get_attribute("value")
    open_reply.click()
    pressed = page.locator(f"button[value={reply}][aria-pressed=true]").first
    expect(pressed).to_be_visible()
    return pressed


def reads_and_writes(page: Page, walk: Walk) -> Locator:
    """Reads the room and writes there; gives the message back."""
    page.goto(walk.one("chat:room", "patient").path)
    expect(page.get_by_role("region", name="Messages")).to_be_visible()
    assert page.locator(".message").count() >= 50
    assert page.evaluate(IN_SIGHT) > 0
    words = f"Plainly said {uuid4().hex[:6]}"
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    mine = page.locator(".message").filter(has_text=words)
    expect(mine).to_have_count(1)
    expect(mine).to_be_in_viewport()
    expect(page.get_by_label("Your message")).to_have_value("")
    return mine


def test_everything_goes_without_a_script(browser: Browser, walk: Walk) -> None:
    somebody = Visitor(browser, walk.site, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = somebody.signs_in(PATIENT)
    answers_a_session(page)
    reads_and_writes(page, walk)
    first = page.locator(".message").first.get_attribute("id") or ""
    page.get_by_role("link", name="Older messages").click()
    expect(page.locator(".message").first).not_to_have_id(first)
    for path in ("/groups/", "/resources/", "/me/", "/help/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    more = page.locator("nav.places summary").first
    more.click()
    page.locator("nav.places").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    somebody.context.close()


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["small phone", "small desk"])
def test_everything_is_in_reach_at_twice_the_size(visitor: Callable[..., Page], walk: Walk, size: dict) -> None:
    page = visitor(viewport=size, device_scale_factor=2)
    answers_a_session(page)
    assert page.evaluate(SIDEWAYS) == 0
    reads_and_writes(page, walk)
    assert page.evaluate(SIDEWAYS) == 0
    room = page.get_by_role("region", name="Messages").bounding_box()
    assert room is not None
    assert room["height"] >= 100


def test_no_page_needs_scrolling_sideways(walk: Walk, browser: Browser) -> None:
    wide = []
    for email in dict.fromkeys(look.email for look in walk.looks):
        context = walk.enter(browser, email, viewport=SMALL)
        page = context.new_page()
        for look in walk.looks:
            if look.email == email:
                page.goto(look.path)
                if page.evaluate(SIDEWAYS):
                    wide.append(look.name)
        context.close()
    assert wide == []


def test_everything_is_told_apart_in_colours_of_ones_own(visitor: Callable[..., Page], walk: Walk) -> None:
    page = visitor(forced_colors="active", color_scheme="dark")
    pressed = answers_a_session(page)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    expect(pressed.locator("svg")).to_be_visible()  # not by its colour alone
    assert page.evaluate(SHAPELESS) == []
    here = page.locator("nav.places [aria-current=page]").first
    assert here.evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
    mine = reads_and_writes(page, walk)
    assert page.evaluate(SHAPELESS) == []
    assert mine.locator(".bubble").evaluate("it => getComputedStyle(it).borderTopStyle") == "solid"
    box = page.get_by_label("Your message")
    box.focus()
    page.keyboard.press("Tab")
    ring = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth] })()"
    )
    assert ring == ["solid", "3px"]


def test_nothing_moves_for_who_wants_it_so(visitor: Callable[..., Page], walk: Walk) -> None:
    page = visitor(reduced_motion="reduce")
    answers_a_session(page)
    page.get_by_role("banner").get_by_role("link", name="Get help now").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOVING) == []
    reads_and_writes(page, walk)
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOVING) == []


def test_things_move_for_everybody_else(visitor: Callable[..., Page]) -> None:
    """Against silence that means nothing."""
    page = visitor()
    page.goto("/schedule/")
    assert page.evaluate(MOVING) != []
