"""Passkeys in Chromium, with a device of its own that the browser plays; on localhost, for a passkey needs a name."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.people import Visitor
from tests.portal.running import Portal

EMAIL = "wren@example.com"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def somebody(browser: Browser, running: Portal) -> Iterator[Visitor]:
    """A patient of the demo whose phone has a place for passkeys."""
    visitor = Visitor(browser, f"http://localhost:{running.port}", viewport={"width": 390, "height": 844})
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield visitor
    visitor.context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_a_passkey_from_its_making_to_its_end(somebody: Visitor) -> None:
    broken: list[str] = []
    somebody.page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page = somebody.signs_in(EMAIL)
    page.goto("/me/")
    page.get_by_role("link", name="See security").click()
    page.get_by_role("link", name="Add a passkey").click()
    assert barriers(page) == []
    page.get_by_label("Name").fill("My phone")
    press(page, "Make a passkey")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert barriers(page) == []
    assert len(set(page.locator(".codes li").all_inner_texts())) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("My phone")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Rename").click()
    assert barriers(page) == []
    page.goto("/me/security/codes/")
    assert barriers(page) == []
    page.goto("/me/confirmation/")
    assert barriers(page) == []

    page.goto("/account/logout/")
    press(page, "Sign out")
    page.goto("/account/login/?next=/me/devices/")
    page.get_by_label("A device that others use, too").check()
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("which others use, too")).to_be_visible()

    page.goto("/account/logout/")
    press(page, "Sign out")
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("calm-river-demo")
    press(page, "Sign in")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert barriers(page) == []
    press(page, "Use a passkey")
    expect(page).to_have_url(re.compile(r":\d+/$"))

    page.goto("/me/security/")
    page.get_by_role("link", name="Remove").click()
    assert barriers(page) == []
    press(page, "Remove it")
    expect(page.get_by_text("It is removed")).to_be_visible()
    assert broken == []


def test_whoever_stops_is_told_that_nothing_happened(browser: Browser, running: Portal) -> None:
    visitor = Visitor(browser, f"http://localhost:{running.port}")
    page = visitor.goes_to("/account/login/")
    page.evaluate("() => { navigator.credentials.get = async () => { throw new Error('stopped') } }")
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("Nothing has happened. Try again")).to_be_visible()
    visitor.context.close()
