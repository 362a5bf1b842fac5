"""Pictures of every page, at phone and desktop width, light and dark: `bin/pictures [words in the name ...]`.

Starts the portal as a newcomer would, with the demo community, and writes PNG files and an index page to var/pictures/.
"""

import html
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.env import ROOT

WIDTHS = {390: 844, 1280: 900}
THEMES = ("light", "dark")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIETLY += ["--disable-sync", "--no-first-run"]


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it. An empty person is a visitor."""

    name: str
    person: str
    path: str


def main(words: Sequence[str]) -> int:
    """Take the pictures whose name has one of the words, or all. Returns the exit code."""
    folder = ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[tuple[str, list[str]]] = []
    with running_portal() as site:
        for shot, files in take(site, folder, words):
            sys.stdout.write(f"{shot}\n")
            taken.append((shot, files))
    (folder / "index.html").write_text(index(taken))
    sys.stdout.write(f"Look at {folder / 'index.html'}\n")
    return 0


@contextmanager
def running_portal() -> Iterator[str]:
    """The portal with its demo in a throwaway folder; yields its address, with Django set up beside it."""
    from tests.portal.running import Portal

    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as place:
        portal = Portal(Path(place), DEMO=1)
        try:
            if not portal.says("Ready:", 180):
                raise SystemExit("\n".join(portal.said))
            os.environ |= {"DATA_DIR": place, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
            import django

            django.setup()
            yield f"http://127.0.0.1:{portal.port}"
        finally:
            portal.process.terminate()
            portal.process.wait(20)


def shots() -> Iterator[Shot]:
    """Every page, with the people who see it differently."""
    from django.urls import reverse

    from bench.pages import pages
    from groups.models import Group, Membership, Report
    from portal.accounts.models import Standing, User
    from portal.demo.signins import SIGN_INS

    _, facilitator, admin = (sign_in.email for sign_in in SIGN_INS)
    for page, person, url in pages():
        yield Shot(f"{page} {person.split('@')[0]}".replace(":", "-").replace(" ", "-").strip("-"), person, url)
    yield Shot("sign-up", "", reverse("account_signup"))
    yield Shot("privacy", "", reverse("privacy"))
    yield Shot("not-found", "", "/nowhere/")
    yield Shot("kit", "", reverse("kit"))
    yield Shot("mail", "", reverse("outbox"))
    mine = Membership.objects.active().filter(user__email=facilitator).values("group")
    led = Group.objects.filter(pk__in=mine).order_by("pk").first()
    foreign = Group.objects.listed().exclude(memberships__user__email="juniper@example.org").order_by("pk").first()
    report = Report.objects.open().filter(group__in=mine).first()
    waiting = User.objects.filter(standing=Standing.WAITING).first()
    if led:
        for name in ("membership:group", "membership:people", "schedule:sessions", "resources:posts", "resources:new"):
            yield Shot(f"{name}-facilitator".replace(":", "-"), facilitator, reverse(name, args=[led.public_id]))
        yield Shot("new-series", facilitator, reverse("schedule:new_series", args=[led.public_id]))
    if foreign:
        yield Shot("group-stranger", "juniper@example.org", reverse("membership:group", args=[foreign.public_id]))
    if report:
        yield Shot("case", facilitator, reverse("moderation:case", args=[report.public_id]))
    if waiting:
        yield Shot("person", admin, reverse("accounts:person", args=[waiting.public_id]))
        yield Shot("waiting", waiting.email, reverse("accounts:waiting"))


def take(site: str, folder: Path, words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Take each picture in every width and theme."""
    from playwright.sync_api import sync_playwright

    wanted = [shot for shot in shots() if not words or any(word in shot.name for word in words)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        for shot in wanted:
            files = []
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=theme, base_url=site
                    )
                    if shot.person:
                        context.add_cookies([session_cookie(site, shot.person)])
                    page = context.new_page()
                    page.goto(shot.path, wait_until="networkidle" if "chat" not in shot.name else "load")
                    page.wait_for_timeout(150)
                    file = f"{re.sub('[^a-z0-9-]', '', shot.name)}-{width}-{theme}.png"
                    page.screenshot(path=folder / file, full_page="chat" not in shot.name)
                    files.append(file)
                    context.close()
            yield shot.name, files
        browser.close()


def session_cookie(site: str, email: str) -> dict[str, str]:
    """A session of this person, as signing in would make it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from portal.accounts.models import User

    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    name = f"session-{site.rpartition(':')[2]}"
    return {"name": name, "value": str(session.session_key), "url": site} if settings.DEMO else {}


def index(taken: Sequence[tuple[str, list[str]]]) -> str:
    """A page that shows them side by side."""
    rows = [
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(f'<a href="{file}"><img src="{file}" alt="{file}" height="420"></a> ' for file in files)
        + "</p>"
        for name, files in taken
    ]
    return f"<!doctype html><meta charset=utf-8><title>Pictures</title>{''.join(rows)}"
