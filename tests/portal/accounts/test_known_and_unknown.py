"""Whether an address has an account cannot be learned from pages, answers or mails to strangers."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from portal.notifications.models import Notice
from tests.portal.notifications.worker import run_jobs

UNKNOWN = "stranger@example.org"
BY_THE_CLOCK = ("Content-Length", "Set-Cookie", "Expires")  # the length differs with the address that was typed


def plain(content: bytes, email: str) -> str:
    """A page without what differs on every load, and without the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content.decode())
    return text.replace(email, "ADDRESS")


def looks(url: str, data: dict[str, str], email: str, follow: bool = True) -> tuple[object, ...]:
    """Everything a visitor can see of the answer and of the page it leads to."""
    visitor = Client()
    answer = visitor.post(url, data)
    headers = {name: value for name, value in answer.items() if name not in BY_THE_CLOCK}
    first = (answer.status_code, headers, plain(answer.content, email), sorted(answer.cookies))
    if answer.status_code != 302:
        return first
    page = visitor.get(answer["Location"])
    return (*first, page.status_code, plain(page.content, email))


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/account/login/", lambda email: {"login": email, "password": "not the password"}),
        ("/account/login/code/", lambda email: {"email": email}),
        ("/account/password/reset/", lambda email: {"email": email}),
        (
            "/account/signup/",
            lambda email: {
                "email": email,
                "display_name": "Quiet River",
                "legal_name": "Nora Newman",
                "time_zone": "America/New_York",
                "password1": "a long quiet password",
            },
        ),
    ],
)
def test_the_answers_look_the_same(url: str, fields: Callable[[str], dict[str, str]], sam: User) -> None:
    assert looks(url, fields(sam.email), sam.email) == looks(url, fields(UNKNOWN), UNKNOWN)


@pytest.mark.parametrize("route", ["/account/login/code/", "/account/password/reset/"])
def test_a_wrong_code_looks_the_same(route: str, sam: User) -> None:
    pages = []
    for email in (sam.email, UNKNOWN):
        visitor = Client()
        confirm = visitor.post(route, {"email": email})["Location"]
        page = visitor.post(confirm, {"code": "AAAA-AAAA"})
        again = visitor.post(confirm, {"action": "resend"})
        pages.append((page.status_code, plain(page.content, email), again.status_code, again.get("Location")))
    assert pages[0] == pages[1]


def test_a_strangers_inbox_hears_nothing(visitor: Client, db: None) -> None:
    visitor.post("/account/login/code/", {"email": UNKNOWN})
    visitor.post("/account/password/reset/", {"email": UNKNOWN})
    run_jobs()
    assert mail.outbox == []
    assert set(Notice.objects.values_list("kind", "address", "sent_at")) == {("nobody_here", "", None)}


def test_who_asks_though_they_have_an_account_is_told_by_mail_only(
    visitor: Client, asked: dict[str, str], sam: User
) -> None:
    visitor.post("/account/signup/", asked | {"email": sam.email})
    run_jobs()
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([sam.email], "About your account")
    assert User.objects.count() == 1


def test_no_work_in_the_request_waits_for_a_mail_server(visitor: Client, sam: User, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    answer = visitor.post("/account/login/code/", {"email": sam.email})
    assert answer.status_code == 302
    assert b"a code is on its way" in visitor.get(answer["Location"]).content
