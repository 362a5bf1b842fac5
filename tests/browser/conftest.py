"""Chromium against the portal as `bin/run` starts it: embedded servers, demo community, web server and worker."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from portal.embedded import database_url
from tests.browser.chatters import people, sessions  # noqa: F401 (fixtures)
from tests.browser.chromium import CHROMIUM, QUIETLY
from tests.browser.visits import Visit, visit_all
from tests.browser.walk import Walk, walk_through
from tests.portal.running import Portal


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test, and is left out only where Chromium cannot be had."""
    absent = pytest.mark.skip(reason="Chromium is not here: apt install chromium")
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            if os.environ.get("PORTAL_NO_BROWSER"):
                item.add_marker(absent)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, asking nobody for anything."""
    return {"executable_path": CHROMIUM, "args": QUIETLY, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A phone's width, at the clinic."""
    return {"viewport": {"width": 390, "height": 844}, "timezone_id": "America/New_York", "locale": "en-US"}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal with its demo, on a port of its own."""
    portal = Portal(tmp_path_factory.mktemp("portal"), DEMO=1)
    try:
        assert portal.says("Ready:", 120), "\n".join(portal.said)
        yield portal
    finally:
        portal.process.terminate()
        portal.process.wait(20)


@pytest.fixture(autouse=True)
def own_share(request: pytest.FixtureRequest) -> None:
    """Each test has tries of its own: all of them come from one address, and a fast machine makes many in a minute."""
    if "running" in request.fixturenames:
        running: Portal = request.getfixturevalue("running")
        with psycopg.connect(database_url(running.data_dir), autocommit=True) as link:
            link.execute("DELETE FROM portal_allowance")


@pytest.fixture(scope="session")
def site(running: Portal) -> str:
    """The running portal's address."""
    return f"http://127.0.0.1:{running.port}"


@pytest.fixture(scope="session")
def walk(running: Portal) -> Walk:
    """Every page, and who sees it differently."""
    return walk_through(running)


@pytest.fixture(scope="session")
def visits(walk: Walk, browser: Browser) -> list[Visit]:
    """One visit to every page, and what the browser noticed."""
    return visit_all(walk, browser)
