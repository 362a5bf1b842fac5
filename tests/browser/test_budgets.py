"""What a page may cost. Bytes are what goes over the network to a browser that has never been here."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import Visit, noted, visit_one, watched
from tests.browser.walk import Walk

PAGE, CHAT = 60_000, 100_000  # bytes in all
SCRIPTS, STYLES = 25_000, 15_000
REQUESTS = 8
WORKSHOP = {"kit", "outbox"}  # only in the demo and in development


@pytest.fixture(scope="module")
def pages(visits: list[Visit]) -> list[Visit]:
    """Every page that people have."""
    return [visit for visit in visits if visit.look.route not in WORKSHOP]


def over(visits: list[Visit], measure: Callable[[Visit], float], most: float) -> list[str]:
    return [f"{measure(visit)} is more than {most}. {visit}" for visit in visits if measure(visit) > most]


def test_a_page_moves_no_more_than_60_kilobytes(pages: list[Visit]) -> None:
    plain = [visit for visit in pages if visit.look.route != "chat:room"]
    assert over(plain, lambda visit: visit.size, PAGE) == []


def test_a_room_full_of_messages_moves_no_more_than_100_kilobytes(pages: list[Visit]) -> None:
    rooms = [visit for visit in pages if visit.look.route == "chat:room"]
    assert len(rooms) >= 4
    assert over(rooms, lambda visit: visit.size, CHAT) == []


def test_scripts_and_styles_stay_small(pages: list[Visit]) -> None:
    assert over(pages, lambda visit: visit.size_of("Script"), SCRIPTS) == []
    assert over(pages, lambda visit: visit.size_of("Stylesheet"), STYLES) == []


def test_a_page_needs_few_requests(pages: list[Visit]) -> None:
    assert over(pages, lambda visit: len(visit.moved), REQUESTS) == []


def test_no_page_asks_another_host(walk: Walk, visits: list[Visit]) -> None:
    asked = {(visit.look.name, host) for visit in visits for host in visit.hosts}
    assert {host for _, host in asked} == {walk.site.removeprefix("http://")}, asked


def test_nothing_moves_while_a_page_arrives(visits: list[Visit]) -> None:
    """Nothing jumps to another place, and nothing fades or slides in."""
    assert [f"{visit.look.name}: {jump}" for visit in visits for jump in visit.jumped] == []


def test_what_is_measured_is_there(walk: Walk, browser: Browser) -> None:
    """Against silence that means nothing: a page that moves, asks elsewhere and breaks the policy is noticed."""
    look = walk.one("help", "visitor")
    visit = visit_one(walk, browser, look)
    assert {"Document", "Stylesheet", "Script"} <= {one.kind for one in visit.moved.values()}
    assert all(one.size > 100 for one in visit.moved.values())

    context = walk.enter(browser, "")
    page = context.new_page()
    bad = watched(page, look)
    page.goto(look.path)
    page.wait_for_timeout(600)  # a shift counts as asked for when it comes soon after an input
    page.evaluate(
        "document.body.insertAdjacentHTML('afterbegin', '<hr><hr><hr><hr><hr><img src=https://example.org/>')"
    )
    page.evaluate("document.querySelector('h1').style.transition = 'opacity 1s'")
    page.evaluate("document.querySelector('h1').style.opacity = getComputedStyle(document.body).opacity / 2")
    noted(page, bad)
    context.close()
    assert any(" by " in jump for jump in bad.jumped)
    assert any(jump.startswith("opacity of <h1") for jump in bad.jumped)
    assert "img-src https://example.org/" in bad.said
