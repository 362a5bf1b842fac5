"""A picture survives a cut network as words do: kept in the page, sent by itself, and never twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from chat.models import Message, Picture
from groups.membership.models import Group
from tests.browser.pictures import A_LAKE
from tests.browser.test_fresh import opens, rows_beside_a_browser, there  # noqa: F401 (fixtures)
from tests.browser.wires import Wire
from tests.chat.conftest import room  # noqa: F401 (a fixture)
from tests.chat.kinds import There
from tests.portal.running import soon

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """All of the browsers' ways to the portal."""
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture
def pages(browser, serving, wire: Wire, there: There) -> Iterator[Callable[..., Page]]:  # noqa: F811
    """Opens the room for somebody; pictures are allowed in it."""
    Group.objects.filter(pk=there.room.group_id).update(pictures=True)
    site = f"http://127.0.0.1:{wire.port}"
    portal = serving("daphne", SITE_URL=site)
    wire.target = portal.port
    wire.mend()
    portal = replace(portal, url=site, port=wire.port)
    came = []

    def come(who) -> Page:
        came.append(opens(browser, portal, portal.sign_in(who), there))
        return came[-1]

    yield come
    for page in came:
        page.context.close()


def chooses(page: Page, words: str, alt: str = "A lake in the morning") -> None:
    page.get_by_text("Add a picture").click()
    page.get_by_label("Picture", exact=True).set_input_files([A_LAKE])
    page.get_by_label("What it shows").fill(alt)
    page.get_by_label("Your message").fill(words)


def sends(page: Page, words: str, alt: str = "A lake in the morning") -> Locator:
    """Adds a picture and sends it; gives the message back."""
    chooses(page, words, alt)
    page.get_by_role("button", name="Send").click()
    return line(page, words)


def line(page: Page, words: str) -> Locator:
    return page.locator("li.message", has=page.locator(".message-text", has_text=words))


def kept(words: str) -> tuple[int, int]:
    """How many messages and pictures the portal has of these words."""
    return Message.objects.filter(body=words).count(), Picture.objects.filter(message__body=words).count()


def test_a_network_cut_in_the_middle_of_an_upload_loses_and_doubles_nothing(pages, wire, there: There) -> None:  # noqa: F811
    ben, carla = pages(there.ben), pages(there.carla)
    wire.breaks_after(100_000)  # of some 360,000
    mine = sends(ben, "From my window")
    expect(mine.get_by_text("With a picture: A lake in the morning")).to_be_visible()
    expect(ben.get_by_label("Your message")).to_have_value("")
    expect(ben.get_by_label("What it shows")).to_be_hidden()
    assert soon(lambda: wire.is_cut)
    expect(mine.locator(".message-status")).to_have_text("Waiting")
    ben.get_by_label("Your message").fill("And this")
    ben.get_by_role("button", name="Send").click()
    expect(ben.get_by_text("No connection.")).to_be_visible()
    assert kept("From my window") == (0, 0)

    wire.mend()
    for page in (ben, carla):
        shot = line(page, "From my window").get_by_role("img", name="A lake in the morning")
        expect(shot).to_be_visible(timeout=30_000)
        expect(line(page, "And this")).to_be_visible()
    expect(ben.locator(".message-status")).to_have_count(0, timeout=8000)
    assert kept("From my window") == (1, 1)
    said = Message.objects.filter(body__in=["From my window", "And this"]).order_by("seq")
    assert [one.body for one in said] == ["From my window", "And this"]  # none overtakes it
    expect(ben.get_by_text("With a picture")).to_have_count(0)


def test_an_answer_that_got_lost_makes_no_second_message(pages, there: There) -> None:  # noqa: F811
    ben = pages(there.ben)
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # it arrives and is kept
        route.abort()

    ben.route("**/messages/", lose)
    ben.evaluate("() => document.querySelector('chat-room').feed.take = () => {}")  # nor does the line tell of it
    mine = sends(ben, "Only once")
    expect(mine.locator(".message-status")).to_have_text("Sent", timeout=10_000)
    assert (lost, kept("Only once")) == ([200], (1, 1))


def test_without_a_network_it_waits_in_the_page_alone_and_goes_by_itself(pages, there: There) -> None:  # noqa: F811
    ben = pages(there.ben)
    ben.context.set_offline(True)
    expect(ben.get_by_text("No connection.")).to_be_visible()
    mine = sends(ben, "Later", alt="My cat, asleep")
    expect(mine.locator(".message-status")).to_have_text("Waiting")
    tab = ben.evaluate("() => JSON.stringify(sessionStorage)")
    assert "Later" in tab
    assert A_LAKE["name"] not in tab
    assert len(tab) < 1000
    ben.context.set_offline(False)
    expect(mine.get_by_role("img", name="My cat, asleep")).to_be_visible(timeout=10_000)
    assert kept("Later") == (1, 1)


def test_what_the_portal_refuses_can_be_changed_and_sent(pages, there: There) -> None:  # noqa: F811
    ben = pages(there.ben)
    ben.get_by_text("Add a picture").click()
    no_picture = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    ben.get_by_label("Picture", exact=True).set_input_files([no_picture])
    ben.get_by_label("Your message").fill("See")
    ben.get_by_role("button", name="Send").click()
    expect(ben.get_by_text("Say in a few words what the picture shows")).to_be_visible()
    expect(ben.get_by_label("What it shows")).to_be_focused()
    ben.keyboard.type("My garden")
    ben.get_by_role("button", name="Send").click()
    mine = line(ben, "See")
    expect(mine.get_by_text("This is not a picture we can show.")).to_be_visible()
    expect(mine.locator(".message-status")).to_have_text("Not sent")
    mine.get_by_role("button", name="Change it").click()
    expect(mine).to_have_count(0)
    expect(ben.get_by_label("Your message")).to_have_value("See")
    expect(ben.get_by_label("What it shows")).to_have_value("My garden")
    ben.get_by_label("Picture", exact=True).set_input_files([A_LAKE])
    ben.get_by_role("button", name="Send").click()
    expect(line(ben, "See").get_by_role("img", name="My garden")).to_be_visible()
    assert kept("See") == (1, 1)


def test_a_page_that_is_left_before_it_went_keeps_the_words_and_says_so(pages, there: There) -> None:  # noqa: F811
    ben = pages(there.ben)
    ben.route("**/messages/", lambda route: route.abort())
    mine = sends(ben, "On its way")
    expect(mine.locator(".message-status")).to_be_visible()
    ben.unroute("**/messages/")
    ben.reload()
    expect(mine.get_by_text("Please add it again.")).to_be_visible()
    mine.get_by_role("button", name="Change it").click()
    expect(ben.get_by_label("Your message")).to_have_value("On its way")
    expect(ben.get_by_label("What it shows")).to_have_value("A lake in the morning")
    assert kept("On its way") == (0, 0)


def test_what_had_arrived_when_the_page_was_left_is_not_called_unsent(pages, there: There) -> None:  # noqa: F811
    ben = pages(there.ben)
    ben.evaluate("() => document.querySelector('chat-room').feed.take = () => {}")
    arrived = []
    ben.route("**/messages/", lambda route: arrived.append(route.fetch().status))  # and no answer comes
    sends(ben, "There already")
    for _ in range(100):
        if arrived:
            break
        ben.wait_for_timeout(50)  # a route is served while the page is waited for
    assert (arrived, kept("There already")) == ([200], (1, 1))
    ben.unroute("**/messages/")
    ben.reload()
    expect(ben.locator("chat-room[data-live]")).to_have_count(1)
    expect(line(ben, "There already")).to_have_count(1)
    expect(ben.get_by_text("Please add it again.")).to_have_count(0)
    assert ben.evaluate("() => document.querySelector('chat-room').outbox.entries.length") == 0


def test_with_second_thoughts_a_picture_can_be_undone(pages, there: There) -> None:  # noqa: F811
    ben = pages(there.ben)
    ben.evaluate("() => { document.documentElement.dataset.undo = 'on' }")
    mine = sends(ben, "Too soon")
    mine.get_by_role("button", name="Undo").click()
    expect(mine).to_have_count(0)
    assert ben.get_by_label("Picture", exact=True).evaluate("input => input.files[0].name") == A_LAKE["name"]
    expect(ben.get_by_label("What it shows")).to_have_value("A lake in the morning")
    ben.get_by_role("button", name="Send").click()
    mine.get_by_role("button", name="Send now").click()
    expect(mine.get_by_role("img")).to_be_visible()
    assert kept("Too soon") == (1, 1)
