"""No page has a barrier that a machine can find, in any role, state, theme and width: WCAG 2.2 AA and axe’s own advice.

The quick run looks at each page once, in a theme and a width that take turns; the whole is marked slow.
"""

from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.looks import Look
from tests.browser.steps import coming_in
from tests.browser.walk import Walk
from tests.permissions import ROUTES

THEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)
HEIGHT = 800
EVERY = list(product(THEMES, WIDTHS))
ROLES = ("visitor", "patient", "facilitator", "admin")
# Steps of journeys: the page is there only for who has taken the step before. They are looked at below.
STEPS = {
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_email_verification_sent",
    "accounts:go_on",
    # Only where passkeys are, and for who has one: looked at in test_passkeys.
    "mfa_authenticate",
    "factors:passkey",
    "factors:codes",
    "factors:name",
    "factors:removal",
}
NO_PAGES = {
    "livez",
    "readyz",
    "chat:older",
    "chat:send",
    "chat:words",
    "chat:day",
    "chat:people",
    "chat:picture",  # a file
    "accounts:copy",  # a file
    "account_set_password",
    "account_reauthenticate",
}  # for machines, or a way onwards
SENT_EMPTY = [
    ("account_login", "visitor"),
    ("account_signup", "visitor"),
    ("account_reset_password", "visitor"),
    ("account_change_password", "patient"),
    ("moderation:report", "patient"),
    ("accounts:me", "patient"),
    ("schedule:new_series", "facilitator"),
    ("schedule:cancel", "facilitator"),
    ("resources:new", "facilitator"),
    ("moderation:mute", "facilitator"),
    ("moderation:hide", "facilitator"),
    ("membership:remove", "facilitator"),
    ("membership:new_group", "admin"),
    ("membership:role", "admin"),
    ("accounts:invite", "admin"),
]
WITH_MENUS = [
    ("home", "patient"),
    ("home", "admin"),
    ("chat:room", "patient"),
    ("chat:room", "facilitator"),
    ("membership:people", "facilitator"),
    ("kit", "visitor"),
]
EMPTY = """() => {
  const form = document.querySelector("main form[method=post]:not(.form-inline)")
  for (const it of form.elements) {
    if (["radio", "checkbox"].includes(it.type)) it.checked = false
    else if (it.type !== "hidden" && it.tagName !== "BUTTON" && it.tagName !== "FIELDSET") it.value = ""
  }
  form.noValidate = true
  form.requestSubmit()
}"""


def dress(page: Page, theme: str, width: int) -> None:
    """Without motion: a colour on its way to another one is neither."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
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


def test_every_page_is_looked_at(walk: Walk) -> None:
    pages = {route for route, methods in ROUTES.items() if "GET" in methods}
    assert pages - STEPS - NO_PAGES <= {look.route for look in walk.looks}


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


def test_a_form_sent_back_has_no_barrier(walk: Walk, browser: Browser) -> None:
    """Every form with nothing in it: the summary of what is missing comes first, and has the focus."""
    for turn, (name, role) in enumerate(SENT_EMPTY):
        theme, width = EVERY[turn % 6]
        with walk.opened(browser, walk.one(name, role)) as page:
            dress(page, theme, width)
            page.evaluate(EMPTY)
            summary = page.locator(".error-summary")
            expect(summary, name).to_be_focused()
            assert [f"{name} ({theme}, {width}): {barrier}" for barrier in barriers(page)] == []
            summary.get_by_role("link").first.press("Enter")
            assert page.evaluate("document.activeElement.matches('input, select, textarea, fieldset')"), name


def test_open_menus_have_no_barrier(walk: Walk, browser: Browser) -> None:
    for turn, (name, role) in enumerate(WITH_MENUS):
        theme, width = EVERY[turn % 6]
        with walk.opened(browser, walk.one(name, role)) as page:
            dress(page, theme, width)
            for around in ("nav.places", "main"):
                menus = page.locator(f"{around} details[data-menu] > summary").filter(visible=True)
                if menus.count():
                    menus.last.click()
                    assert [f"{name} {around} ({theme}, {width}): {barrier}" for barrier in barriers(page)] == []


def test_the_steps_of_coming_in_have_no_barrier(walk: Walk, browser: Browser) -> None:
    """Asking for an account, signing in by code, choosing a new password: what is seen on the way."""
    found = []
    page = walk.enter(browser, "").new_page()
    for step in coming_in(page, walk.site):
        for theme, width in (EVERY[0], EVERY[5]):
            dress(page, theme, width)
            found += [f"{step} ({theme}, {width}): {barrier}" for barrier in barriers(page)]
    page.context.close()
    assert found == []
