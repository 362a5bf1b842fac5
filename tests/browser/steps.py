"""Pages that are there only for who has taken the step before: journeys that stop at each, for tests and pictures."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.people import newest_code


def coming_in(page: Page, site: str) -> Iterator[str]:
    """Asking for an account, signing in by a code, choosing a new password, and the mails of all this."""
    page.goto(f"{site}/account/signup/")
    page.get_by_label("E-mail").fill("axel@example.com")
    page.get_by_label("Name others see").fill("Axel by the sea")
    page.get_by_label("Your real name").fill("Alexander Example")
    page.get_by_label("Password", exact=True).fill("a long quiet password")
    _press(page, "Ask for an account")
    yield _at(page, "Check your mail", "account_email_verification_sent")
    page.context.clear_cookies()
    page.goto(f"{site}/account/login/code/")
    page.get_by_label("E-mail").fill("kofi@example.org")
    _press(page, "Send me a code")
    yield _at(page, "Check your mail", "account_confirm_login_code")
    page.goto(f"{site}/account/password/reset/")
    page.get_by_label("E-mail").fill("wren@example.com")
    _press(page, "Send me a code")
    yield _at(page, "Check your mail", "account_confirm_password_reset_code")
    page.get_by_role("textbox", name="Code").fill(newest_code(site, "wren@example.com"))
    page.get_by_role("main").get_by_role("button").first.click()
    yield _at(page, "Choose a new password", "account_complete_password_reset")
    page.goto(f"{site}/mail/")
    yield _at(page, "Mails", "outbox full")


def second_step(page: Page, site: str, email: str, password: str) -> Iterator[str]:
    """Signing in where a password is not enough."""
    page.goto(f"{site}/account/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    _press(page, "Sign in")
    yield _at(page, "Second step", "mfa_authenticate")


def new_codes(page: Page, site: str) -> Iterator[str]:
    """Recovery codes, which are shown once."""
    page.goto(f"{site}/me/security/codes/")
    _press(page, "Make new codes")
    yield _at(page, "Your recovery codes", "factors:codes shown")


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def _at(page: Page, heading: str, name: str) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    return name
