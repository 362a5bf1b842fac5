"""Walks the permission matrix: every route, every method, every kind of person, and what each answer carries."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests import cast, world
from tests.cast import undone
from tests.permissions import ROUTES, WHO, WORKSHOP, Row
from tests.walls.walled import assert_walled

pytestmark = pytest.mark.django_db  # also when nothing but this file is run, somebody must ask for the database

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


PARAMETERS = every_route()


def test_every_route_has_a_row():
    assert set(PARAMETERS) - WORKSHOP == set(ROUTES)


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


def ask(client: Client, method: str, url: str, row: Row) -> HttpResponse:
    """One request, undone afterwards; the browser keeps its cookies."""
    with undone():
        return request(client, method, url, row)


def request(client: Client, method: str, url: str, row: Row) -> HttpResponse:
    cookies = client.cookies.copy()
    response = client.generic(method, url) if method == "GET" else client.post(url, row.data)
    client.cookies = cookies
    return response


def answer_in(response: HttpResponse, url: str) -> str | int:
    """What this person got, in the words of the table."""
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
@pytest.mark.asvs("3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "14.3.2")
def test_everybody_gets_what_the_table_says_behind_the_walls(there, name, method):
    row = ROUTES[name][method]
    params = {key: there.ids[row.ids.get(key, key)] for key in PARAMETERS[name]}
    url = reverse(name, kwargs=params)
    a_visit = method == "GET"  # leaves nothing that the next person would see, so it is enough to undo all at once
    got = {}

    with undone() if a_visit else nullcontext():
        for who in WHO:
            response = (request if a_visit else ask)(there.browsers[who], method, url, row)
            assert_walled(response)
            got[who] = answer_in(response, url)

    assert got == {who: row.answer(who) for who in WHO}


CLOSED = [
    (name, method)
    for name, method in CELLS
    if ROUTES[name][method].answer("patient") == 404 and any(key.endswith("_id") for key in PARAMETERS[name])
]


@pytest.mark.parametrize(("name", "method"), CLOSED, ids=[f"{name} {method}" for name, method in CLOSED])
def test_forbidden_and_absent_look_the_same_to_a_stranger(there, name, method):
    row = ROUTES[name][method]
    client = there.browsers["patient"]
    kwargs = {key: there.ids[row.ids.get(key, key)] for key in PARAMETERS[name]}
    absent = kwargs | {key: world.nowhere() for key in kwargs if key.endswith("_id")}

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
