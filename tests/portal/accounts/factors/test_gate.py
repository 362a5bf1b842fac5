"""Who works here shows a second factor before anything else."""

from collections.abc import Callable
from io import StringIO
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from chat.standing import Identity, NoLongerAllowed, identify
from portal.accounts.factors.actions import LastFactor, remove
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.accounts.factors.conftest import App, first_step, key_on

Enter = Callable[..., Client]
WithApp = Callable[[User], tuple[App, list[str]]]
OPEN = {"help", "privacy", "livez", "readyz", "offline", "preferences:preferences", "kit", "outbox"}
OPEN |= {
    "accounts:close",
    "accounts:my_data",
    "accounts:session",
    "accounts:devices",
    "accounts:me",
    "accounts:confirm",
    "factors:security",
    "factors:app",
}
LEAD_ON = {"accounts:waiting": "/", "accounts:go_on": "/me/", "factors:codes": "/me/security/"}


@pytest.mark.parametrize("name", ["amina", "eve"])
def test_without_a_factor_every_page_leads_to_where_one_is_added(
    name: str, request: pytest.FixtureRequest, signed_in: Enter
) -> None:
    browser = signed_in(request.getfixturevalue(name), factor=False)
    for route in _routes():
        answer = browser.get(reverse(route), headers={"host": "127.0.0.1"})
        if route in OPEN:
            assert answer.status_code in (200, 405), route
        elif answer.status_code != 405:
            assert (answer.status_code, answer.get("Location")) == (302, LEAD_ON.get(route, "/me/security/")), route


def test_patients_are_not_made_to(sam: User, signed_in: Enter) -> None:
    assert signed_in(sam).get("/groups/").status_code == 200


def test_setting_one_up_opens_the_work_at_once(amina: User, signed_in: Enter) -> None:
    browser = signed_in(amina, factor=False)
    page = browser.get("/me/security/").content
    assert b"One more thing to open your work" in page
    assert b'href="/reports/' not in page
    app = App(key_on(browser.get("/me/security/app/").content.decode()))
    browser.post("/me/security/app/", {"code": app.code()})
    assert browser.get("/").status_code == 200
    assert b"One more thing" not in browser.get("/me/security/").content


def test_the_account_having_one_is_not_enough_the_session_must_have_shown_it(
    amina: User, with_app: WithApp, signed_in: Enter
) -> None:
    app, _ = with_app(amina)
    assert signed_in(amina, factor=False).get("/groups/")["Location"] == "/me/security/"
    browser = first_step(amina)
    browser.post("/account/second-step/", {"code": app.code()})
    assert browser.get("/groups/").status_code == 200


def test_sockets_ask_the_same(amina: User, ben: User, signed_in: Enter) -> None:
    keys = [
        signed_in(person, factor=factor).session.session_key
        for person, factor in ((amina, False), (amina, True), (ben, False))
    ]
    assert [type(one) for one in identify(keys, at=timezone.now())] == [NoLongerAllowed, Identity, Identity]


def test_the_last_one_stays(amina: User, with_app: WithApp, signed_in: Enter) -> None:
    with_app(amina)
    row = Authenticator.objects.get(type="totp")
    page = signed_in(amina).post(f"/me/security/{row.data['public_id']}/removal/")
    assert (page.status_code, b"Add another one first" in page.content) == (409, True)
    with pytest.raises(LastFactor):
        remove(amina, UUID(row.data["public_id"]), here=None, at=cast.NOW)


def test_the_demo_may_waive_it_and_says_so(amina: User, signed_in: Enter, settings: object) -> None:
    settings.STAFF_NEED_FACTOR, settings.DEMO = False, True  # type: ignore[attr-defined]
    browser = signed_in(amina, factor=False)
    assert browser.get("/groups/").status_code == 200
    assert b"In this demo" in browser.get("/me/security/").content


def test_an_admin_helps_who_lost_everything(eve: User, amina: User, with_app: WithApp, signed_in: Enter) -> None:
    with_app(amina)
    theirs, browser = signed_in(amina), signed_in(eve)
    page = browser.get(f"/people/{amina.public_id}/").content
    assert b"Take away" in page
    browser.post(f"/people/{amina.public_id}/second-factors/", {"reason": "Lost her phone, came by in person."})
    assert not Authenticator.objects.exists()
    assert theirs.get("/").get("Location", "/") != "/groups/"
    assert theirs.get("/me/").status_code == 302
    again = Client()
    assert again.post("/account/login/", {"login": amina.email, "password": cast.PASSWORD})["Location"] == "/"
    assert again.get("/")["Location"] == "/me/security/"


def test_whoever_holds_the_server_helps_the_only_admin(eve: User, with_app: WithApp, signed_in: Enter) -> None:
    with_app(eve)
    browser = signed_in(eve)
    call_command("reset_factors", "EVE@example.org", stdout=StringIO())
    assert not Authenticator.objects.exists()
    assert browser.get("/me/").status_code == 302
    entry = AuditEntry.objects.get(verb="factor.reset")
    assert (entry.actor, entry.target_id) == (None, str(eve.public_id))
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_factors", "nobody@example.org")


def _routes() -> list[str]:
    found = []
    for entry in get_resolver().url_patterns:
        space = f"{entry.app_name}:" if getattr(entry, "app_name", None) else ""
        for pattern in getattr(entry, "url_patterns", [entry]):
            own = pattern.name and not pattern.name.startswith(("account_", "mfa_"))
            if own and "<" not in str(pattern.pattern):
                found.append(space + pattern.name)
    return found
