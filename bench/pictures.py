"""Pictures of every page, at phone and desktop width, light and dark: `bin/pictures [words in the name ...]`.

Starts the portal as a newcomer would, with the demo community, and writes PNG files and an index page to var/pictures/.
"""

import html
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from portal.env import ROOT
from tests.browser.chromium import CHROMIUM, QUIETLY
from tests.browser.edges import CAREFUL, WITH_APP
from tests.browser.looks import Look
from tests.browser.people import DEMO_PASSWORD
from tests.browser.steps import coming_in, new_codes, second_step
from tests.browser.walk import Walk, walk_through
from tests.portal.running import Portal

WIDTHS = {390: 844, 1280: 900}
THEMES = ("light", "dark")
TELLERS = ("tests.browser.walk", "tests.browser.edges")  # first the demo as it is, then what it has none of
SETTLE = 250  # milliseconds until scripts have woken


def main(words: Sequence[str]) -> int:
    """Take the pictures whose name has one of the words, or all. Returns the exit code."""
    folder = ROOT / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[tuple[str, list[str]]] = []
    with running_portal() as portal:
        for told_by in TELLERS:
            walk = walk_through(portal, told_by)
            for shot, files in take(walk, folder, words):
                sys.stdout.write(f"{shot}\n")
                taken.append((shot, files))
        taken += take_steps(walk, folder, words)
    (folder / "index.html").write_text(index(taken))
    sys.stdout.write(f"Look at {folder / 'index.html'}\n")
    return 0


@contextmanager
def running_portal() -> Iterator[Portal]:
    """The portal with its demo in a throwaway folder."""
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as place:
        portal = Portal(Path(place), DEMO=1)
        try:
            if not portal.says("Ready:", 180):
                raise SystemExit("\n".join(portal.said))
            yield portal
        finally:
            portal.process.terminate()
            portal.process.wait(20)


def take(walk: Walk, folder: Path, words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Take each picture in every width and theme."""
    wanted = [look for look in walk.looks if not words or any(word in file_name(look) for word in words)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        for look in wanted:
            files = []
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    size = {"width": width, "height": height}
                    with walk.opened(browser, look, viewport=size, color_scheme=theme) as page:
                        page.wait_for_timeout(SETTLE)
                        file = f"{file_name(look)}-{width}-{theme}.png"
                        page.screenshot(path=folder / file, full_page=look.route != "chat:room")
                        files.append(file)
            yield file_name(look), files
        browser.close()


def take_steps(walk: Walk, folder: Path, words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Take the pages that are there only after the step before."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        taken = []
        for email, journey in (
            ("", coming_in),
            ("", partial(second_step, email=WITH_APP, password=DEMO_PASSWORD)),
            (CAREFUL, new_codes),
        ):
            page = walk.enter(browser, email).new_page()
            for step in journey(page, walk.site):
                name = as_file(f"{step} step")
                if not words or any(word in name for word in words):
                    taken.append((name, list(shoot(page, folder, name))))
                    sys.stdout.write(f"{name}\n")
            page.context.close()
        browser.close()
    return taken


def shoot(page: Page, folder: Path, name: str) -> Iterator[str]:
    """The same page in every width and theme, one after the other."""
    for width, height in WIDTHS.items():
        for theme in THEMES:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(SETTLE)
            file = f"{name}-{width}-{theme}.png"
            page.screenshot(path=folder / file, full_page=True)
            yield file


def file_name(look: Look) -> str:
    """A look's name as a file may be called."""
    return as_file(look.name)


def as_file(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name)


def index(taken: Sequence[tuple[str, list[str]]]) -> str:
    """A page that shows them side by side."""
    rows = [
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(f'<a href="{file}"><img src="{file}" alt="{file}" height="420"></a> ' for file in files)
        + "</p>"
        for name, files in taken
    ]
    return f"<!doctype html><meta charset=utf-8><title>Pictures</title>{''.join(rows)}"
