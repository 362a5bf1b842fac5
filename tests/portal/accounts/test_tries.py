"""How often one may try to come in."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import get_resolver

from portal.accounts import tries
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests import cast

NOW = cast.NOW
OPEN_TO_ANYBODY = {"account_logout", "account_inactive"}  # nothing can be guessed there


def test_every_route_of_the_entrance_is_counted() -> None:
    entrance = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "urlconf_name", None) and "allauth" in str(resolver.urlconf_name)
        for pattern in resolver.url_patterns
    }
    done = {"account_password_reset_completed", "account_reauthenticate"}  # one says so, one leads to ours
    ours = {name for name in tries.LIMITS if ":" in name} | {"mfa_authenticate"}
    assert {"accounts:invitation", "accounts:confirm", "factors:sign_in", "mfa_authenticate"} <= ours
    assert entrance - OPEN_TO_ANYBODY - done == set(tries.LIMITS) - ours


def test_after_a_few_wrong_passwords_there_is_a_pause_in_words(visitor: Client, sam: User) -> None:
    wrong = {"login": sam.email, "password": "not the password"}
    answers = [visitor.post("/account/login/", wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert b"tried many times" in answers[-1].content
    assert int(answers[-1]["Retry-After"]) > 0
    right = visitor.post("/account/login/", {"login": sam.email, "password": cast.PASSWORD})
    assert right.status_code == 429


def test_looking_is_not_trying(visitor: Client, db: None) -> None:
    for _ in range(60):
        assert visitor.get("/account/login/").status_code == 200


def attempt(email: str, *, place: str = "192.0.2.1", at: timedelta = timedelta(0), forwarded: str = "") -> bool:
    request = RequestFactory().post("/account/login/", {"login": email}, REMOTE_ADDR=place)
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    try:
        tries.count(request, "account_login", at=NOW + at)
    except tries.TooManyTries:
        return False
    return True


def test_an_attacker_elsewhere_does_not_shut_the_person_out(sam: User) -> None:
    assert [attempt(sam.email, place="203.0.113.9") for _ in range(12)] == [True] * 10 + [False] * 2
    assert attempt(sam.email, place="192.0.2.1")


def test_many_attackers_together_are_slowed_but_the_pause_ends(sam: User) -> None:
    allowed = [attempt(sam.email, place=f"203.0.113.{number}") for number in range(50)]
    assert sum(allowed) == 40
    assert attempt(sam.email, place="192.0.2.1", at=timedelta(minutes=1))


def test_spelling_the_address_otherwise_is_the_same_account(sam: User) -> None:
    for email in ("sam@example.org", "SAM@example.org", " Sam@Example.org ", "sAm@example.org"):
        assert attempt(email)
    assert [attempt(sam.email) for _ in range(7)] == [True] * 6 + [False]


def test_accents_do_not_give_a_count_of_their_own(db: None) -> None:
    spelled = ["jose@example.org", "josé@example.org", "jose\u0301@example.org", "JOSÉ@example.org"]
    assert [attempt(spelled[number % 4]) for number in range(11)] == [True] * 10 + [False]


@pytest.mark.parametrize("route", ["login", "password/reset", "login/code", "signup"])
def test_what_no_database_holds_is_a_try_like_any_other(visitor: Client, sam: User, route: str) -> None:
    for written in ("\x00a", f"{sam.email}\x00", "\ufffd", "a" * 9000):
        answer = visitor.post(f"/account/{route}/", {"login": written, "email": written, "password": "x"})
        assert answer.status_code in (200, 422)
    assert tries._account(f"{sam.email}\x00") == tries._account(sam.email)


def test_a_forwarded_header_is_not_believed_without_a_proxy(sam: User) -> None:
    allowed = [attempt(sam.email, forwarded=f"198.51.100.{number}") for number in range(11)]
    assert allowed == [True] * 10 + [False]


def test_behind_the_proxy_the_last_address_counts_and_the_made_up_ones_do_not(sam: User, settings: object) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    allowed = [attempt(sam.email, forwarded=f"198.51.100.{number}, 203.0.113.9") for number in range(11)]
    assert allowed == [True] * 10 + [False]
    assert attempt(sam.email, forwarded="198.51.100.1, 203.0.113.10")


def test_one_home_with_many_addresses_is_one_place(sam: User) -> None:
    allowed = [attempt(sam.email, place=f"2001:db8:1:2::{number:x}") for number in range(1, 12)]
    assert allowed == [True] * 10 + [False]


def test_a_code_cannot_be_guessed_by_asking_for_more_tries_at_once(visitor: Client, sam: User) -> None:
    visitor.post("/account/login/code/", {"email": sam.email})
    key = visitor.session.session_key
    answers = []
    for _ in range(10):
        browser = Client()
        browser.cookies = visitor.cookies.copy()
        request = RequestFactory().post("/account/login/code/confirm/", {"code": "AAAA-AAAA"})
        request.session = browser.session
        assert request.session.session_key == key
        try:
            tries.count(request, "account_confirm_login_code", at=NOW)
        except tries.TooManyTries:
            answers.append(False)
        else:
            answers.append(True)
    assert answers == [True] * 8 + [False] * 2


@pytest.mark.django_db(transaction=True)
def test_a_hundred_tries_at_once_do_not_slip_through() -> None:
    cast.person("Sam")
    passed: list[bool] = []
    start = threading.Barrier(20)

    def guess() -> None:
        start.wait()
        for _ in range(5):
            passed.append(attempt("sam@example.org"))
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (100, 10)


def test_the_page_of_an_invitation_is_counted_too(visitor: Client, db: None) -> None:
    answers = [visitor.post(f"/invitations/guess{number}/", {}).status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_signed_in_people_have_a_share_of_their_own(sam: User, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(sam)
    wrong = {"way": "password", "password": "not the password"}
    answers = [browser.post("/me/confirmation/", wrong).status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]


def test_a_wiped_valkey_and_cache_forget_no_try(sam: User, visitor: Client) -> None:
    def guess() -> int:
        return visitor.post("/account/login/", {"login": sam.email, "password": "not the password"}).status_code

    assert [guess() for _ in range(11)] == [200] * 10 + [429]
    redis.Redis.from_url(settings.VALKEY_URL).flushall()
    cache.clear()
    assert guess() == 429


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_wrong_passwords_at_once_ten_are_looked_at() -> None:
    cast.person("Sam")
    answers: list[int] = []
    start = threading.Barrier(20)

    def guess() -> None:
        start.wait()
        for _ in range(5):
            wrong = {"login": "sam@example.org", "password": "not the password"}
            answers.append(Client().post("/account/login/", wrong).status_code)
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 10 + [429] * 90
    assert AuditEntry.objects.filter(verb="sign_in.refused").count() == 10
