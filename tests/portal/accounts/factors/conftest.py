"""What the tests of factors share: an app that shows codes, and people who have one."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from portal.accounts.factors import actions, codes
from portal.accounts.models import User
from tests import cast


@dataclass
class App:
    """An authenticator app."""

    secret: str

    def code(self, periods_from_now: int = 0) -> str:
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // codes.PERIOD + periods_from_now))


@pytest.fixture
def with_app(db: None) -> Callable[[User], tuple[App, list[str]]]:
    """Give somebody an app whose codes of now are all unused. Returns it, and their recovery codes."""

    def give(person: User) -> tuple[App, list[str]]:
        app = App("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        return app, actions.add_app(person, secret=app.secret, counter=0, here=None, at=cast.NOW)

    return give


def key_on(page: str) -> str:
    """The key that stands on the page to set up an app."""
    shown = re.search(r'<p class="secret"><code>(.*?)</code>', page, re.DOTALL)
    assert shown
    return "".join(re.findall(r"<span>(\w+)</span>", shown[1]))


def codes_on(page: str) -> list[str]:
    """The recovery codes on a page."""
    return [code.replace(" ", "") for code in re.findall(r"<li><code>([\d ]+)</code></li>", page)]


def first_step(person: User) -> Client:
    """A browser of somebody who gave the right password, and is asked for more."""
    browser = Client()
    answer = browser.post("/account/login/", {"login": person.email, "password": cast.PASSWORD})
    assert answer["Location"] == "/account/second-step/"
    return browser
