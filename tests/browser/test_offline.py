"""Without a network: one page with help, and nothing of anybody's left in the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.barriers import barriers
from tests.browser.people import PATIENT, Visitor

KEPT = """async () => {
  const kept = []
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname)
  }
  return kept
}"""


@pytest.fixture(scope="module")
def juniper(browser: Browser, site: str) -> Iterator[Visitor]:
    """A patient on a phone, signed in, whose browser has had the time to get ready."""
    visitor = Visitor(browser, site, viewport={"width": 390, "height": 844})
    visitor.signs_in(PATIENT).evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    yield visitor
    visitor.context.close()


def test_a_page_that_cannot_load_gives_way_to_help_and_comes_back(juniper: Visitor) -> None:
    juniper.loses_the_network()
    page = juniper.goes_to("/schedule/?week=next")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no connection")
    expect(page.get_by_role("link", name="988")).to_have_attribute("href", "tel:988")
    expect(page).to_have_title("Portal")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") != "0px"
    assert barriers(page) == []

    juniper.finds_the_network()
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your schedule")
    assert page.url.endswith("/schedule/?week=next")


def test_no_page_that_was_seen_is_kept(juniper: Visitor) -> None:
    for path in ("/", "/groups/", "/schedule/", "/me/"):
        juniper.goes_to(path)
    kept = sorted(juniper.page.evaluate(KEPT))
    assert [path.split(".")[0] for path in kept] == ["/offline/", "/static/css/portal", "/static/icon"]


def test_pages_come_from_the_network_whenever_there_is_one(juniper: Visitor) -> None:
    page = juniper.goes_to("/me/")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].workerStart > 0")
    expect(page.get_by_role("heading", level=1)).to_have_text("Me")


def test_a_visitor_is_given_no_worker(browser: Browser, site: str) -> None:
    visitor = Visitor(browser, site)
    page = visitor.goes_to("/")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    visitor.context.close()
