"""What people do in a browser, in the words of the pages."""

import re
import time
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, expect

DEMO_PASSWORD = "calm-river-demo"
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b|\b[A-Z0-9]{3}-[A-Z0-9]{3}\b|\b[0-9]{6}\b")
PATIENT, FACILITATOR, ADMIN = "juniper@example.org", "rosa@example.org", "pat@example.org"


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, site: str, **context: object) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(base_url=site, **context)
        self.page: Page = self.context.new_page()

    def goes_to(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def signs_in(self, email: str, password: str = DEMO_PASSWORD) -> Page:
        """By password, through the sign-in page."""
        page = self.goes_to("/account/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile(r"/$"))
        return page

    def loses_the_network(self) -> None:
        self.context.set_offline(True)

    def finds_the_network(self) -> None:
        self.context.set_offline(False)


def newest_code(site: str, email: str) -> str:
    """The code in the newest mail to this address, read where the demo shows mails; the worker sends it soon."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with urlopen(f"{site}/mail/") as answer:  # noqa: S310 (the portal of this test)
            page = answer.read().decode()
        for mail in page.split('<section class="card')[1:]:
            if email in mail and (code := CODE.search(re.sub(r"<[^>]+>", " ", mail))):
                return code[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail with a code for {email}")
