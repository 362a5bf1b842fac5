"""Pages at their fullest and their emptiest: 200 members, words without a break, a closed room, no word yet."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import Look
from tests.browser.test_accessibility import EVERY, look_at_all
from tests.browser.test_budgets import CHAT, PAGE
from tests.browser.visits import visit_one
from tests.browser.walk import Walk, walk_through
from tests.portal.running import Portal

OVERFLOWS = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page"] : []
  for (const it of document.querySelectorAll("main *, aside *, nav *")) {
    if (!it.checkVisibility() || it.closest(".hidden-words, .tabs, .table, svg")) continue
    if (getComputedStyle(it).clipPath !== "none") continue
    const box = it.getBoundingClientRect()
    if (box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)) wide.push(it.outerHTML.slice(0, 90))
  }
  return wide
}"""


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """A portal of its own: the others stay as the demo has them."""
    portal = Portal(tmp_path_factory.mktemp("edges"), DEMO=1)
    try:
        assert portal.says("Ready:", 120), "\n".join(portal.said)
        yield walk_through(portal, "tests.browser.edges")
    finally:
        portal.process.terminate()
        portal.process.wait(20)


@pytest.fixture
def open_page(edges: Walk, browser: Browser) -> Iterator[object]:
    contexts = []

    def opened(name: str, role: str = "patient", width: int = 390) -> Page:
        look = edges.one(name, role)
        context = edges.enter(browser, look.email, viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.goto(look.path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sampled(looks: list[Look]) -> list[tuple[Look, str, int]]:
    return [(look, *EVERY[turn % len(EVERY)]) for turn, look in enumerate(looks)]


def test_no_edge_has_a_barrier(edges: Walk, browser: Browser) -> None:
    assert look_at_all(edges, browser, sampled(edges.looks)) == []


@pytest.mark.slow
def test_no_edge_has_a_barrier_in_any_theme_and_width(edges: Walk, browser: Browser) -> None:
    every = [(look, *dress) for look, dress in product(edges.looks, EVERY)]
    assert look_at_all(edges, browser, every) == []


def test_nothing_runs_over_the_side_however_long_the_words(edges: Walk, browser: Browser) -> None:
    found = []
    for turn, look in enumerate(edges.looks):
        width = (320, 390, 1280)[turn % 3]
        with edges.opened(browser, look, viewport={"width": width, "height": 800}) as page:
            found += [f"{look.name} ({width}): {wide}" for wide in page.evaluate(OVERFLOWS)]
    assert found == []


def test_a_crowd_and_a_full_room_stay_within_the_budgets(edges: Walk, browser: Browser) -> None:
    for look in edges.looks:
        if "crowd" in look.page:
            visit = visit_one(edges, browser, look)
            assert visit.size <= (CHAT if look.route == "chat:room" else PAGE), visit
            assert visit.jumped == [], look.name


def test_two_hundred_people_are_shown_page_by_page_and_all_are_reached(open_page) -> None:
    page = open_page("membership:people crowd")
    names: set[str] = set()
    while True:
        names |= set(page.get_by_role("main").locator(".row-title").all_inner_texts())
        onwards = page.get_by_role("link", name="Next", exact=True)
        if not onwards.count():
            break
        onwards.click()
    assert len(names) >= 200


@pytest.mark.parametrize("role", ["patient", "facilitator"])
def test_a_closed_room_says_why_nobody_writes(open_page, role: str) -> None:
    page = open_page("chat:room closed", role)
    expect(page.get_by_text("Thank you all.")).to_be_visible()
    if role == "patient":
        expect(page.get_by_label("Your message")).to_have_count(0)
        expect(page.locator(".chat-foot .notice")).to_be_visible()


def test_a_room_without_a_word_says_what_it_is_for(open_page) -> None:
    page = open_page("chat:room silent", width=1280)
    expect(page.get_by_text("No messages yet")).to_be_visible()
    expect(page.get_by_text("This is where your group talks between sessions.")).to_be_visible()
