"""What somebody writes, reads and looks for stays on the page: the browser keeps none of it."""

import json
from collections.abc import Iterator
from urllib.parse import unquote
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import DEMO_PASSWORD, FACILITATOR, PATIENT, Visitor

GROUP = "After the Infusion"
STORES = """async () => {
  const kept = { local: { ...localStorage }, name: window.name, history: history.state, databases: [], caches: [] }
  for (const { name } of await indexedDB.databases()) {
    const asked = (request) => new Promise((done, fail) => {
      request.onsuccess = () => done(request.result)
      request.onerror = () => fail(request.error)
    })
    const database = await asked(indexedDB.open(name))
    kept.databases.push(name)
    for (const store of database.objectStoreNames) {
      kept.databases.push(store, await asked(database.transaction(store).objectStore(store).getAll()))
    }
    database.close()
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      kept.caches.push(name, request.url, await (await cache.match(request)).text())
    }
  }
  return kept
}"""


def stores(page: Page) -> str:
    """Everything that outlives the tab, and what the tab says of itself to the browser."""
    cookies = [cookie["name"] + cookie["value"] for cookie in page.context.cookies()]
    return unquote(json.dumps([page.evaluate(STORES), cookies, page.title(), page.url], ensure_ascii=False))


def found(words: list[str], kept: str) -> list[str]:
    return [word for word in words if word.lower() in kept.lower()]


def in_the_room(visitor: Visitor, email: str) -> Page:
    visitor.signs_in(email)
    page = visitor.goes_to("/groups/")
    page.get_by_role("link", name=GROUP).click()
    visitor.goes_to(page.url.rstrip("/") + "/chat/")
    expect(page.locator("chat-room[data-live]")).to_have_count(1)
    return page


def says(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("li.message", has_text=words).locator(".message-text")).to_be_visible()


@pytest.mark.asvs("14.3.3", "14.2.1")
def test_nothing_that_was_written_read_or_sought_is_kept_by_the_browser(browser: Browser, site: str) -> None:
    bird = f"canary{uuid4().hex[:6]}"
    sent, heard, sought, draft = (f"{bird} {what}" for what in ("sent", "heard", "sought", "draft"))
    marked = [sent, heard, sought, PATIENT, DEMO_PASSWORD, GROUP, "juniper"]
    rosa, juniper = Visitor(browser, site), Visitor(browser, site)
    addresses: list[str] = []
    juniper.context.on("request", lambda request: addresses.append(unquote(request.url)))
    page = in_the_room(juniper, PATIENT)
    session = next(one["value"] for one in juniper.context.cookies() if one["name"].startswith("session"))
    room, kept = page.url, []

    says(page, sent)
    says(in_the_room(rosa, FACILITATOR), heard)
    expect(page.locator(".message-text", has_text=heard)).to_be_visible()
    page.get_by_label("Your message").fill(draft)
    kept.append(stores(page))
    tab = page.evaluate("({ ...sessionStorage })")
    assert list(tab) == ["unsent"]
    assert draft in tab["unsent"]
    assert found([*marked, session], tab["unsent"]) == []

    search = page.locator("a[href$='/search/']").first.get_attribute("href")
    page.goto(str(search))
    page.get_by_label("Words").fill(sought)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.wait_for_load_state()
    kept.append(stores(page))
    for path in (room.replace("/chat/", "/"), "/schedule/", "/me/", room):
        juniper.goes_to(path)
        kept.append(stores(page))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept.append(stores(page))

    assert found([*marked, draft], "".join(kept)) == []
    assert [len(one.split(session)) for one in kept] == [2] * len(kept)  # in its cookie, and there alone
    assert found([*marked, draft, session], " ".join(addresses)) == []
    assert len(addresses) > 10

    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    assert found([*marked, draft, session], stores(page)) == []
    for visitor in (rosa, juniper):
        visitor.context.close()


PLACES = [
    "localStorage.setItem('x', 'a canary here')",
    "history.replaceState({ words: 'a canary here' }, '')",
    "history.replaceState(null, '', '#a%20canary%20here')",
    "document.title = 'A Canary here'",
    "document.cookie = 'x=a%20canary%20here'",
    "caches.open('x').then((cache) => cache.put('/a%20canary%20here', new Response('x')))",
    """new Promise((done) => {
      const open = indexedDB.open("x")
      open.onupgradeneeded = () => open.result.createObjectStore("y", { autoIncrement: true }).add("a canary here")
      open.onsuccess = () => { open.result.close(); done() }
    })""",
]


@pytest.fixture
def stranger(browser: Browser, site: str) -> Iterator[Page]:
    """A page of somebody who was never here."""
    visitor = Visitor(browser, site)
    yield visitor.goes_to("/help/")
    visitor.context.close()


@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_kept_anywhere_would_be_seen(stranger: Page, place: str) -> None:
    assert found(["canary here"], stores(stranger)) == []
    stranger.evaluate(f"async () => {{ await ({place}) }}")
    assert found(["canary here"], stores(stranger)) == ["canary here"]
