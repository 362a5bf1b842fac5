"""Pictures of every page, at phone and desktop width, light and dark: `bin/pictures [words in the name ...]`.

Starts the portal as a newcomer would, with the demo community, and writes PNG files and an index page to var/pictures/.
"""

import html
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from portal.env import ROOT
from tests.browser.chromium import CHROMIUM, QUIETLY
from tests.browser.looks import Look
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
            for shot, files in take(walk_through(portal, told_by), folder, words):
                sys.stdout.write(f"{shot}\n")
                taken.append((shot, files))
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


def file_name(look: Look) -> str:
    """A look's name as a file may be called."""
    return re.sub("[^a-z0-9]+", "-", look.name)


def index(taken: Sequence[tuple[str, list[str]]]) -> str:
    """A page that shows them side by side."""
    rows = [
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(f'<a href="{file}"><img src="{file}" alt="{file}" height="420"></a> ' for file in files)
        + "</p>"
        for name, files in taken
    ]
    return f"<!doctype html><meta charset=utf-8><title>Pictures</title>{''.join(rows)}"
