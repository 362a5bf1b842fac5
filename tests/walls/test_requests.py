"""What a request may do, whoever sends it: nothing by GET, nothing without the page's token, nothing it did not ask."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from portal.accounts.models import Role, Standing, User
from tests import cast
from tests.cast import undone
from tests.permissions import ROUTES
from tests.test_permissions import ask
from tests.walls.walking import CELLS, address

UNSAFE = [(name, method) for name, method in CELLS if method == "POST"]
PUBLIC = {
    "home",
    "help",
    "privacy",
    "offline",
    "livez",
    "readyz",
    "preferences:preferences",
    "accounts:invitation",
    "account_login",
    "account_logout",
    "account_signup",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_inactive",
    "account_reset_password",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_confirm_password_reset_code",
    # steps of a journey that begins at the sign-in page, and the way back for a changed address
    "accounts:address_undo",
    "factors:challenge",
    "factors:sign_in",
    "mfa_authenticate",
}


@pytest.mark.asvs("8.2.1", "8.3.1")
def test_the_public_addresses_are_these_and_no_others(there):
    """Login is the rule. A new public page is a line here, to be seen by who reviews it."""
    found = set()
    for name in ROUTES:
        method = next(iter(ROUTES[name]))
        answer = ask(there.browsers["visitor"], method, address(there, name, method), ROUTES[name][method])
        if not (answer.status_code == 302 and answer["Location"].startswith("/account/login/?next=")):
            found.add(name)
    assert found - {"account_email_verification_sent"} == PUBLIC


def test_no_admin_site_of_django_is_anywhere():
    """Accounts are looked after on our own pages, behind the same door as everything else (docs/decisions)."""
    assert "admin" not in get_resolver().namespace_dict
    for path in ("/admin/", "/admin/login/", "/django-admin/", "/accounts/login/"):
        assert path.strip("/") not in {str(pattern.pattern).strip("/") for pattern in get_resolver().url_patterns}


@pytest.mark.parametrize(("name", "method"), UNSAFE, ids=[name for name, _ in UNSAFE])
@pytest.mark.asvs("3.5.1")
def test_a_form_of_another_site_does_nothing(there, name, method):
    row = ROUTES[name][method]
    who = next(who for who in ("admin", "facilitator", "member", "visitor") if row.answer(who) in ("ok", "login", 404))
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = there.browsers[who].cookies.copy()
    with undone():
        answer = browser.post(address(there, name, method), row.data, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "403_csrf.html" in {template.name for template in answer.templates}


@pytest.mark.parametrize("name", ROUTES)
def test_other_methods_are_refused(there, name):
    url = address(there, name, next(iter(ROUTES[name])))
    with undone():
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            assert there.browsers["admin"].generic(method, url).status_code == 405


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    pytest.param("\\\\evil.example/", marks=pytest.mark.slow),
    pytest.param("///evil.example", marks=pytest.mark.slow),
    "javascript:alert(1)",
    pytest.param(" https://evil.example", marks=pytest.mark.slow),
    pytest.param("http:evil.example", marks=pytest.mark.slow),
    "/\t/evil.example",
]


@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.asvs("3.7.2")
def test_nothing_leads_to_another_site(there, place):
    with undone():
        browser = Client()
        signed_in = browser.post(
            "/account/login/", {"login": "ben@example.org", "password": cast.PASSWORD, "next": place}
        )
        assert signed_in.status_code == 302
        assert signed_in["Location"] == "/"
        out = browser.post("/account/logout/", {"next": place})
        assert (out.status_code, out["Location"]) == (302, "/")
        looks = Client().post("/preferences/", {"theme": "dark", "next": place})
        assert "evil" not in looks.get("Location", "")
        for name, who in (("schedule:answer", "member"), ("moderation:unmute", "facilitator")):
            row = ROUTES[name]["POST"]
            answer = there.browsers[who].post(address(there, name, "POST"), {**row.data, "next": place})
            assert answer.get("Location", "/").startswith("/"), name
            assert not re.match(r"/[/\\\s]", answer.get("Location", "/")), name


EXTRA = {
    "role": "admin",
    "standing": "approved",
    "is_staff": "1",
    "is_superuser": "1",
    "id": "1",
    "public_id": "11111111-2222-4333-8444-555555555555",
    "user": "1",
    "created_at": "2020-01-01",
}


@pytest.mark.asvs("15.3.3")
def test_what_a_form_did_not_ask_is_not_taken(there):
    with undone():
        me = User.objects.get(email="ben@example.org")
        there.browsers["member"].post("/me/", {"display_name": "Benno", "time_zone": "America/Denver", **EXTRA})
        after = User.objects.get(pk=me.pk)
        assert after.display_name == "Benno"
        assert (after.role, after.standing, after.public_id) == (Role.PATIENT, Standing.APPROVED, me.public_id)

        asked = Client().post(
            "/account/signup/",
            {
                "email": "new@example.org",
                "password1": "a very long quiet password",
                "display_name": "Nele",
                "legal_name": "Nele N",
                "time_zone": "America/New_York",
                **EXTRA,
            },
        )
        new = User.objects.filter(email="new@example.org").first()
        assert new is not None, asked.content.decode()
        assert (new.role, new.standing) == (Role.PATIENT, Standing.WAITING)


def test_a_cookie_stolen_before_signing_out_opens_nothing_after(there):
    with undone():
        browser = Client()
        browser.post("/account/login/", {"login": "ben@example.org", "password": cast.PASSWORD})
        thief = Client()
        thief.cookies = browser.cookies.copy()
        assert thief.get("/me/").status_code == 200
        browser.post("/account/logout/")
        answer = thief.get("/me/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=/me/")


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["x-forwarded-host", "x-original-url", "x-rewrite-url", "forwarded", "x-host"])
def test_a_forwarded_name_is_not_believed(header):
    answer = Client().get("/account/login/", headers={header: "evil.example"})
    assert answer.status_code == 200
    assert b"evil" not in answer.content


@pytest.mark.django_db
def test_a_forwarded_address_does_not_give_new_tries():
    """On this machine alone there is no proxy, so nobody's word about their address counts."""
    answers = []
    for n in range(40):
        somebody = {"email": f"nobody{n}@example.org"}
        claims = {"x-forwarded-for": f"203.0.113.{n}", "x-real-ip": f"203.0.113.{n}", "forwarded": f"for=203.0.113.{n}"}
        answers.append(Client().post("/account/login/code/", somebody, headers=claims).status_code)
    assert 429 in answers


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a" * 5000, "[::1", ""])
def test_another_name_is_no_name_of_ours(host):
    answer = Client(raise_request_exception=False).get("/help/", headers={"host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content
