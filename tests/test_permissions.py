"""Walks the permission matrix: every route, every method, every kind of person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests import cast, world
from tests.permissions import ROUTES, WHO, WORKSHOP, Row

pytestmark = pytest.mark.django_db

CELLS = [(name, method) for name, methods in ROUTES.items() for method in methods]


def every_route(patterns=None, namespace: str = "") -> dict[str, list[str]]:
    """Name -> parameters of its address, for every route of the portal."""
    found: dict[str, list[str]] = {}
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found |= every_route(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            found[f"{namespace}{entry.name}"] = list(entry.pattern.converters)
    return found


def test_every_route_has_a_row():
    assert set(every_route()) - WORKSHOP == set(ROUTES)


def test_every_row_names_people_there_are():
    assert {who for methods in ROUTES.values() for row in methods.values() for who in row.others} <= set(WHO)


@dataclass(frozen=True)
class There:
    """The filled world, and a browser of each of its people."""

    ids: dict[str, Any]
    browsers: dict[str, Client]


@pytest.fixture(scope="module")
def there(django_db_setup, django_db_blocker) -> Iterator[There]:
    """Built once, as of now (views read the clock themselves), and undone at the end. No test changes it: see `ask`."""
    with django_db_blocker.unblock(), undone():
        filled = world.build(timezone.now())
        browsers = {"visitor": Client()}
        for who, person in filled.people.items():
            browsers[who] = cast.enter(person)
        yield There(filled.ids, browsers)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here is undone, the actions' own durable transactions included."""
    outer = transaction.atomic()
    outer._from_testcase = True
    with outer:
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, url: str, row: Row) -> HttpResponse:
    """One request, undone afterwards; the browser keeps its cookies."""
    cookies = client.cookies.copy()
    with undone():
        response = client.generic(method, url) if method == "GET" else client.post(url, row.data)
    client.cookies = cookies
    return response


def answer_to(client: Client, method: str, url: str, row: Row) -> str | int:
    """What this person got, in the words of the table. Whatever it changed is undone."""
    response = ask(client, method, url, row)
    if response.status_code in (403, 404):
        return response.status_code
    assert response.status_code < 500, f"{url} answered {response.status_code}"
    goes_to = urlsplit(response.get("Location", "")).path
    if goes_to == reverse("account_login") != url:
        return "login"
    if goes_to == reverse("accounts:waiting"):
        return "gate"
    return "ok"


@pytest.mark.parametrize(("name", "method"), CELLS, ids=[f"{name} {method}" for name, method in CELLS])
def test_everybody_gets_what_the_table_says(there, name, method):
    row = ROUTES[name][method]
    params = {key: there.ids[row.ids.get(key, key)] for key in every_route()[name]}
    url = reverse(name, kwargs=params)

    got = {who: answer_to(there.browsers[who], method, url, row) for who in WHO}

    assert got == {who: row.answer(who) for who in WHO}


@pytest.mark.parametrize(("name", "method"), CELLS, ids=[f"{name} {method}" for name, method in CELLS])
def test_forbidden_and_absent_look_the_same_to_a_stranger(there, name, method):
    row = ROUTES[name][method]
    wanted = [key for key in every_route()[name] if key.endswith("_id")]
    if row.answer("patient") != 404 or not wanted:
        return
    client = there.browsers["patient"]
    kwargs = {key: there.ids[row.ids.get(key, key)] for key in every_route()[name]}
    absent = kwargs | {key: world.nowhere() for key in wanted}

    pages = [page_of(client, method, reverse(name, kwargs=params), row) for params in (kwargs, absent)]

    assert pages[0] == pages[1]


def page_of(client: Client, method: str, url: str, row: Row) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers; the address itself, where a page repeats it, counts as the same."""
    response = ask(client, method, url, row)
    passing = (b"csrfmiddlewaretoken", b"data-session", b"http-equiv=")  # the token, and the seconds that are left
    body = b"".join(line for line in response.content.splitlines(True) if not any(one in line for one in passing))
    return (
        response.status_code,
        body.replace(url.encode(), b"(here)"),
        {key: value for key, value in response.headers.items() if key != "Expires"},
    )
