"""The whole way, on the running portal: from asking for an account to being removed from a group."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import ADMIN, FACILITATOR, Visitor, newest_code

GROUP = "Steady Ground"
MEMBER = "kofi@example.org"
NEWCOMER = "Robin By The Lake"
REGRETTED = "I live at the end of Harbor Street."
SAID_OFFLINE = "The bus has no signal, but I am on it."


@pytest.fixture
def people(browser: Browser, site: str):
    """A newcomer, a facilitator and a member on phones, and an admin at a desk, each with a browser of their own."""
    phone = {"viewport": {"width": 390, "height": 844}}
    crowd = [Visitor(browser, site, **phone) for _ in range(3)] + [Visitor(browser, site)]
    yield crowd
    for person in crowd:
        person.context.close()


def composer(page: Page):
    return page.get_by_role("textbox", name=re.compile("message", re.IGNORECASE))


def say(page: Page, text: str) -> None:
    composer(page).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def message(page: Page, text: str):
    return page.locator("chat-room li.message").filter(has_text=text).last


def choose(around, label: str) -> None:
    """Open the menu of a message or a row, and take one of its entries."""
    around.locator("summary").click()
    around.get_by_text(label, exact=True).click()


def more_for(page: Page, name: str, label: str) -> None:
    """An entry of the menu beside a person's name."""
    choose(page.get_by_role("listitem").filter(has_text=name).first, label)


def test_a_newcomer_comes_in_takes_part_and_is_moderated(people, site):
    newcomer, rosa, kofi, pat = people

    # Ask for an account, confirm the address by the code in the mail, and wait.
    page = newcomer.goes_to("/")
    page.get_by_role("link", name="Ask for an account").first.click()
    page.get_by_label("E-mail").fill("rob@example.com")
    page.get_by_label("Name others see").fill(NEWCOMER)
    page.get_by_label("Your real name").fill("Roberta Example")
    page.get_by_label("Password", exact=True).fill("a long quiet password")
    page.get_by_role("main").get_by_role("button", name="Ask for an account").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    page.get_by_role("textbox", name="Code").fill(newest_code(site, "rob@example.com"))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()

    # An admin approves.
    pat.signs_in(ADMIN)
    admin = pat.goes_to("/people/")
    admin.get_by_role("link", name=NEWCOMER).click()
    admin.get_by_role("button", name="Approve").click()
    expect(admin.get_by_text("Approved").first).to_be_visible()

    # Ask to join a group, with the agreement.
    newcomer.goes_to("/groups/")
    page.get_by_role("link", name=GROUP).first.click()
    page.get_by_role("main").get_by_role("checkbox").check()
    page.get_by_role("button", name="Ask to join").click()
    expect(page.get_by_text("You asked").first).to_be_visible()

    # The facilitator lets the newcomer in.
    rosa.signs_in(FACILITATOR)
    staff = rosa.goes_to("/queue/")
    staff.get_by_role("button", name=f"Welcome {NEWCOMER}").click()
    expect(staff.get_by_text("is in the group now").first).to_be_visible()

    # Answer the next session, and read a post.
    newcomer.goes_to("/groups/")
    page.get_by_role("link", name=GROUP).first.click()
    page.get_by_role("link", name="Sessions").first.click()
    yes = page.get_by_role("main").locator("button[value=yes]").first
    yes.click()
    expect(yes).to_have_attribute("aria-pressed", "true")
    newcomer.goes_to("/resources/")
    first = page.get_by_role("main").locator("a.row-title").first
    title = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()

    # Chat both ways.
    newcomer.goes_to("/groups/")
    page.get_by_role("link", name=GROUP).first.click()
    page.get_by_role("link", name="Chat", exact=True).first.click()
    room = page.url.removeprefix(site)
    rosa.goes_to(room)
    say(page, "Hello, I am new here.")
    expect(message(staff, "Hello, I am new here.")).to_be_visible()
    say(staff, "Welcome. Sit where you like.")
    expect(message(page, "Welcome. Sit where you like.")).to_be_visible()

    # The network goes: what the other says then is filled in, and what was typed goes out by itself, once.
    newcomer.loses_the_network()
    say(page, SAID_OFFLINE)
    expect(message(page, SAID_OFFLINE)).to_contain_text("Waiting")
    say(staff, "Are you still there?")
    say(staff, "Take your time.")
    newcomer.finds_the_network()
    expect(message(page, "Are you still there?")).to_be_visible(timeout=20_000)
    expect(message(page, "Take your time.")).to_be_visible()
    expect(message(staff, SAID_OFFLINE)).to_be_visible(timeout=20_000)
    expect(staff.locator("chat-room").get_by_text(SAID_OFFLINE, exact=True)).to_have_count(1)
    expect(page.locator("chat-room").get_by_text(SAID_OFFLINE, exact=True)).to_have_count(1)

    # A member reports; the facilitator hides what was written, and it leaves the others' pages.
    say(page, REGRETTED)
    kofi.signs_in(MEMBER)
    other = kofi.goes_to(room)
    expect(message(other, REGRETTED)).to_be_visible()
    choose(message(other, REGRETTED), "Tell a facilitator")
    other.get_by_label("It shares private details").check()
    other.get_by_role("button", name="Tell a facilitator").click()
    expect(other).to_have_url(re.compile(re.escape(room)))
    rosa.goes_to("/queue/")
    report = staff.get_by_role("main").get_by_role("listitem").filter(has_text=f"about {NEWCOMER}")
    report.get_by_role("link", name="It shares private details").click()
    staff.get_by_label("Hide what was written", exact=True).check()
    staff.get_by_label("Why?").fill("An address was in it.")
    staff.get_by_role("button", name="Close the report").click()
    expect(other.locator("chat-room").get_by_text(REGRETTED)).to_have_count(0)
    expect(page.locator("chat-room").get_by_text(REGRETTED)).to_have_count(0)

    # Muted for an hour: the newcomer reads, but what they send is answered with words.
    staff.goto(room.replace("/chat/", "/people/"))
    more_for(staff, NEWCOMER, "Mute for a time")
    staff.get_by_label("1 hour").check()
    staff.get_by_label("Why?").fill("Let us all take a breath.")
    staff.get_by_role("button", name="Mute", exact=True).click()
    expect(
        page.get_by_text("Let us all take a breath.").or_(page.get_by_text("You can still read")).first
    ).to_be_visible()

    # Removed: the room closes at once, and is not there any more.
    staff.goto(room.replace("/chat/", "/people/"))
    more_for(staff, NEWCOMER, "Remove from the group")
    staff.get_by_label("Why").fill("This group is not the right place.")
    staff.get_by_role("radio").first.check()
    staff.get_by_role("button", name="Remove from the group").click()
    expect(page.get_by_role("heading", name="You are not in this group any more")).to_be_visible(timeout=5_000)
    rosa.goes_to(room)
    say(staff, "Let us go on together.")
    expect(message(other, "Let us go on together.")).to_be_visible()
    expect(page.get_by_text("Let us go on together.")).to_have_count(0)
    assert page.goto(room).status == 404
