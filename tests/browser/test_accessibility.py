"""No page has a barrier that a machine can find: in every role, state, theme and width (WCAG 2.2 AA and axe's own advice).

The quick run looks at each page once, in a theme and a width that take turns; the whole is marked slow.
"""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.looks import Look
from tests.browser.walk import Walk

THEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)
HEIGHT = 800
EVERY = list(product(THEMES, WIDTHS))
ROLES = ("visitor", "patient", "facilitator", "admin")
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def barriers(page: Page) -> list[str]:
    """What axe finds: rule, place, and the first words of its reason."""
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 10
    return [
        f"{rule['id']} at {', '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def dress(page: Page, theme: str, width: int) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": HEIGHT})


def look_at_all(walk: Walk, browser: Browser, looks: list[tuple[Look, str, int]]) -> list[str]:
    """Everything found on these looks, one window a person."""
    found = []
    for email in dict.fromkeys(look.email for look, _, _ in looks):
        context = walk.enter(browser, email)
        page = context.new_page()
        for look, theme, width in looks:
            if look.email == email:
                dress(page, theme, width)
                answer = page.goto(look.path)
                assert answer is not None
                assert answer.status == look.status, look.name
                found += [f"{look.name} ({theme}, {width}): {barrier}" for barrier in barriers(page)]
        context.close()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_barrier(walk: Walk, browser: Browser, role: str) -> None:
    mine = [look for look in walk.looks if look.role == role]
    assert look_at_all(walk, browser, [(look, *EVERY[turn % 6]) for turn, look in enumerate(mine)]) == []


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "width"), EVERY)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_barrier_in_any_theme_and_width(
    walk: Walk, browser: Browser, role: str, theme: str, width: int
) -> None:
    mine = [look for look in walk.looks if look.role == role]
    assert look_at_all(walk, browser, [(look, theme, width) for look in mine]) == []


def test_a_barrier_put_there_on_purpose_is_found(walk: Walk, browser: Browser) -> None:
    with walk.opened(browser, walk.one("help", "visitor")) as page:
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=/nothing>')")
        assert [barrier.split()[0] for barrier in barriers(page)] == ["image-alt", "label"]
