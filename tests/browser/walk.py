"""Walking through the pages of a portal that runs: who looks at which page, each signed in already.

The portal has a database of its own, so a child process looks into it: `python -m tests.browser.walk` prints every look
and a session for everybody in them.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module

from playwright.sync_api import Browser, BrowserContext, Page

from portal.env import ROOT
from tests.browser.looks import Look, looks
from tests.portal.running import Portal, fresh_environ


@dataclass(frozen=True)
class Walk:
    """The looks at one running portal, and the ways in."""

    site: str
    looks: list[Look]
    sessions: dict[str, str]  # e-mail address -> session key

    def one(self, page: str, role: str) -> Look:
        """The look of this name."""
        return next(look for look in self.looks if (look.page, look.role) == (page, role))

    def enter(self, browser: Browser, email: str, **how: object) -> BrowserContext:
        """A browser of this person, signed in; of a visitor for an empty address."""
        size = {"viewport": {"width": 390, "height": 844}}
        context = browser.new_context(base_url=self.site, **(size | how))  # type: ignore[arg-type]
        if email:
            cookie = f"session-{self.site.rpartition(':')[2]}"
            context.add_cookies([{"name": cookie, "value": self.sessions[email], "url": self.site}])
        return context

    @contextmanager
    def opened(self, browser: Browser, look: Look, **how: object) -> Iterator[Page]:
        """The page in a window of its own, with nothing in the cache."""
        context = self.enter(browser, look.email, **how)
        try:
            page = context.new_page()
            page.goto(look.path)
            yield page
        finally:
            context.close()


def walk_through(portal: Portal, told_by: str = "tests.browser.walk") -> Walk:
    """Everything there is to see in a portal with the demo, as a module tells that runs beside it."""
    site = f"http://127.0.0.1:{portal.port}"
    told = subprocess.run(
        [sys.executable, "-m", told_by],
        cwd=ROOT,
        env=fresh_environ(DATA_DIR=portal.data_dir, DEMO=1, PORT=portal.port, DJANGO_SETTINGS_MODULE="portal.settings"),
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(told.stdout)
    return Walk(site, [Look(**look) for look in found["looks"]], found["sessions"])


def session_key(email: str) -> str:
    """A session of this person, as signing in would make it; it is them for as long as the walk takes."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from portal.accounts.factors.queries import has_factor
    from portal.accounts.models import User
    from tests.cast import records

    user = User.objects.filter(email=email).get()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.update(records(user, minutes_ago=-120, factor=user.is_staff_member or has_factor(user)))
    session.create()
    session.save()
    return str(session.session_key)


def tell(find: Callable[[], Iterable[Look]]) -> None:
    """Print these looks, and a session for everybody in them."""
    import django

    django.setup()
    every = list(find())
    keys = {email: session_key(email) for email in sorted({look.email for look in every if look.email})}
    json.dump({"looks": [asdict(look) for look in every], "sessions": keys}, sys.stdout)


if __name__ == "__main__":
    tell(looks)
