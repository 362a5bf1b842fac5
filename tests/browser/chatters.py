"""People in the room of the demo that a patient and a facilitator share, each in a browser of their own."""

from collections.abc import Callable, Iterator
from functools import cache
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.people import PATIENT, Visitor
from tests.portal.running import soon

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Chatter(Visitor):
    """Somebody in the room both the patient and the facilitator of the demo are in."""

    def __init__(self, browser: Browser, site: str, email: str, **context: object) -> None:
        super().__init__(browser, site, **context)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: "Security" in said.text and self.faults.append(said.text))
        if "storage_state" not in context:
            self.signs_in(email)
        self.goes_to("/groups/")
        self.page.get_by_role("link", name="After the Infusion").click()
        self.room = self.page.url.removeprefix(site).rstrip("/") + "/chat/"

    def enters(self, spot: str = "") -> Page:
        """Opens the room and waits for its line to be live."""
        self.goes_to(self.room + spot)
        self.is_live()
        return self.page

    def is_live(self) -> None:
        expect(self.page.locator("chat-room[data-live]")).to_have_count(1)

    def finds(self, true: str, arg: object = None) -> None:
        """Waits until this is true in the page. (The page's own policy lets no test evaluate text inside it.)"""
        assert soon(lambda: self.page.evaluate(true, arg)), true

    def says(self, words: str) -> Locator:
        """Types it and sends it; gives the message back."""
        self.box.fill(words)
        self.page.get_by_role("button", name="Send").click()
        return self.message(words)

    def message(self, words: str) -> Locator:
        return self.page.locator("li.message", has=self.page.locator(".message-text", has_text=words))

    def opens_menu(self, words: str) -> Locator:
        line = self.message(words)
        line.hover()
        line.locator(".menu > summary").click()
        return line.locator(".menu-list")

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")


@pytest.fixture(scope="module")
def sessions(browser: Browser, site: str) -> Callable[[str], StorageState]:
    """Everybody signs in once: the portal counts how often one does."""

    @cache
    def session(email: str) -> StorageState:
        someone = Visitor(browser, site)
        someone.signs_in(email)
        state = someone.context.storage_state()
        someone.context.close()
        return state

    return session


@pytest.fixture
def people(browser: Browser, site: str, sessions: Callable[[str], StorageState]) -> Iterator[Callable[..., Chatter]]:
    """Brings somebody into the room; looks at the end whether anything went wrong in their browser."""
    came: list[Chatter] = []

    def come(email: str = PATIENT, spot: str | None = "", fresh: bool = False, **context: object) -> Chatter:
        session = {} if fresh else {"storage_state": sessions(email)}
        someone = Chatter(browser, site, email, **(DESKTOP | session | context))
        came.append(someone)
        if spot is not None:
            someone.enters(spot)
        return someone

    yield come
    for someone in came:
        assert someone.faults == []
        someone.context.close()


def words(about: str) -> str:
    """Words nobody has said before."""
    return f"{about} {uuid4().hex[:6]}"


def texts(page: Page) -> list[str]:
    return page.locator(".message-text").all_inner_texts()
