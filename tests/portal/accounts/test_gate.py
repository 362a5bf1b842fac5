"""Where people may go whose account is not approved."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from portal.accounts.models import Standing, User
from tests import cast

Browser = Callable[[User], Client]
OWN = {"home", "accounts:waiting", "accounts:me", "help", "privacy", "livez", "readyz"}
OWN |= {"preferences:preferences", "offline", "accounts:confirm", "factors:security", "factors:app", "factors:passkey"}
LEADS_BACK = {"accounts:go_on": "/me/", "factors:codes": "/me/security/"}  # no form waits, no code is there
OWN |= {"accounts:session", "accounts:devices", "accounts:my_data", "accounts:close"}
ONLY_POSTED = {"other_endings", "comeback"}


def routes_without_arguments() -> list[str]:
    """Every page of ours that has no id in its address."""
    found = []
    for entry in get_resolver().url_patterns:
        patterns = getattr(entry, "url_patterns", [entry])
        space = f"{entry.app_name}:" if getattr(entry, "app_name", None) else ""
        found += [
            space + pattern.name
            for pattern in patterns
            if pattern.name and "<" not in str(pattern.pattern) and not pattern.name.startswith(("account_", "mfa_"))
            if pattern.name not in ONLY_POSTED
        ]
    return found


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.PAUSED])
def test_without_approval_every_page_leads_to_the_one_that_explains(
    standing: Standing, signed_in: Browser, db: None
) -> None:
    browser = signed_in(cast.person("Wanda", standing=standing))
    for name in routes_without_arguments():
        answer = browser.get(reverse(name), headers={"host": "localhost"})
        if answer.status_code == 405:  # only to be sent to; tests/permissions.py tells who may
            continue
        if name in OWN or name in ("kit", "outbox"):
            assert answer.status_code == 200, name
        else:
            assert (answer.status_code, answer.get("Location")) == (302, LEADS_BACK.get(name, "/waiting/")), name


def test_the_pages_of_an_approved_person_are_open(sam: User, signed_in: Browser) -> None:
    assert signed_in(sam).get("/waiting/")["Location"] == "/"


def test_a_paused_person_reads_that_they_are(signed_in: Browser, db: None) -> None:
    page = signed_in(cast.person("Paula", standing=Standing.PAUSED)).get("/waiting/").content
    assert b"Your account is paused" in page
    assert b"See who you can call or text" in page


def test_who_waits_can_sign_out_and_change_the_password(waiting: User, signed_in: Browser) -> None:
    browser = signed_in(waiting)
    assert browser.get("/account/password/change/").status_code == 200
    assert browser.post("/account/logout/")["Location"] == "/"
    assert browser.get("/waiting/")["Location"].startswith("/account/login/")


def test_a_deactivated_persons_session_is_nobodys(signed_in: Browser, sam: User) -> None:
    browser = signed_in(sam)
    User.objects.filter(pk=sam.pk).update(standing=Standing.DEACTIVATED)
    assert browser.get("/me/")["Location"].startswith("/account/login/")


def test_visitors_are_asked_to_sign_in(visitor: Client) -> None:
    public = {"home", "help", "privacy", "livez", "readyz", "kit", "outbox", "preferences:preferences", "offline"}
    for name in routes_without_arguments():
        answer = visitor.get(reverse(name))
        if answer.status_code == 405:
            continue
        if name in public:
            assert answer.status_code == 200, name
        else:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/account/login/?next="), name
