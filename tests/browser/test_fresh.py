"""A page that stayed open and one that is loaded now show the same, after every kind of change."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from chat import actions, marking
from chat.models import ChangeKind, Room
from portal.accounts import leaving
from portal.accounts.models import User
from tests.chat.conftest import room  # noqa: F401 (fixture)
from tests.chat.kinds import CASES, There, past
from tests.portal.running import soon
from tests.serving import LivePortal

pytestmark = pytest.mark.django_db(transaction=True)

# The conversation as it stands, without what differs between two visits and means nothing: white space, the order of
# attributes and classes, the zone a moment is written in, how an address is written, which line the
# keys are at.
STANDS = """
() => {
  const tell = (node) => {
    if (node.nodeType === 3) return node.data.replace(/\\s+/g, " ").trim()
    if (node.nodeType !== 1 || node.matches("template, script, .chat-empty")) return ""
    const means = {
      class: () => [...node.classList].sort().join(" "),
      datetime: (at) => new Date(at).toISOString(),
      href: () => node.href,
    }
    const attributes = [...node.attributes]
      .filter(({ name, value }) => name !== "tabindex" && !(name === "class" && !value))
      .map(({ name, value }) => `${name}=${means[name]?.(value) ?? value}`)
    const inner = [...node.childNodes].map(tell).filter(Boolean).join("\\n").replace(/^/gm, " ")
    return `<${node.localName} ${attributes.sort().join(" ")}>` + (inner.trim() ? `\\n${inner}` : "")
  }
  return [...document.querySelector(".chat-list").children].flatMap((line) => tell(line).split("\\n"))
}
"""


@pytest.fixture(scope="session", autouse=True)
def rows_beside_a_browser() -> Iterator[None]:
    """The browser's loop runs on this thread, and Django would take its rows for a loop's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def there(room: Room, amina: User, ben: User, carla: User, eve: User) -> There:  # noqa: F811
    there = There(room, amina, ben, carla, eve)
    past(there, at=timezone.now() - timedelta(minutes=2))
    return there


def opens(browser: Browser, portal: LivePortal, session: str, there: There) -> Page:
    """The room, live."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="America/New_York")
    host = urlsplit(portal.url).hostname
    context.add_cookies([{"name": portal.cookie_name, "value": session, "domain": host, "path": "/"}])
    page = context.new_page()
    page.goto(f"{portal.url}/groups/{there.room.group.public_id}/chat/")
    expect(page.locator("chat-room[data-live]")).to_have_count(1)
    return page


def pages(*, slow: bool) -> list:
    """Who looks, at which kind: in the quick suite the author of what changes."""
    readers = ["ben", "amina"] if slow else ["carla"]
    marks = [pytest.mark.slow] if slow else []
    return [pytest.param(reader, kind, marks=marks) for reader in readers for kind in sorted(CASES)]


@pytest.mark.parametrize(("reader", "kind"), [*pages(slow=False), *pages(slow=True)])
def test_a_page_that_stayed_open_shows_what_a_fresh_one_does(browser, serving, there, reader, kind):
    portal = serving("daphne")
    session = portal.sign_in(getattr(there, reader))
    old = opens(browser, portal, session, there)
    CASES[ChangeKind(kind)](there, timezone.now())
    head = Room.objects.get(pk=there.room.pk).head_seq
    assert soon(lambda: old.evaluate("() => document.querySelector('chat-room').feed.seq") == head)
    marking.mark_read(getattr(there, reader), there.room.public_id, seq=head, at=timezone.now())
    fresh = opens(browser, portal, session, there)
    assert old.evaluate(STANDS) == fresh.evaluate(STANDS)
    for page in (old, fresh):
        page.context.close()


def test_the_name_of_who_closes_their_account_leaves_the_pages_that_are_open(browser, serving, there):
    """In what they said, in answers to it, where they were named, and under what they reacted to."""
    there.say(there.ben, "For @Carla", at=timezone.now())
    there.say(there.ben, "I read @Carla", at=timezone.now(), reply_to=there.find("two"))
    for_carla = there.find("For @Carla").public_id
    actions.react(there.carla, there.room.public_id, for_carla, kind="hope", on=True, at=timezone.now())
    portal = serving("daphne")
    session = portal.sign_in(there.ben)
    old = opens(browser, portal, session, there)
    assert old.locator(".chat-list").text_content().count("Carla") >= 5
    leaving.close(there.carla, keep_words=True, at=timezone.now())
    expect(old.locator("body")).not_to_contain_text("Carla", timeout=10_000)
    expect(old.locator("chat-room[data-live]")).to_have_count(1)
    assert "Former member" in old.locator(".chat-list").text_content()
    fresh = opens(browser, portal, session, there)
    assert old.evaluate(STANDS) == fresh.evaluate(STANDS)
    for page in (old, fresh):
        page.context.close()
