"""The pages that belong to no slice."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from portal import home


def test_a_visitor_sees_what_this_is_and_how_to_come_in(db):
    page = Client().get("/").content.decode()
    assert "Sign in" in page
    assert "Get help now" in page
    assert "Leave quickly" in page


def test_somebody_who_waits_is_told_so_at_home(waiting, signed_in):
    page = signed_in(waiting).get("/").content.decode()
    assert "Groups" not in page.partition("<main")[2].partition("</main")[0]


def test_the_process_says_that_it_lives_and_is_ready(db):
    assert Client().get("/livez").content == b"ok"
    assert Client().get("/readyz").content == b"ok"


def test_a_fault_of_ours_is_told_without_asking_the_database():
    try:
        raise RuntimeError
    except RuntimeError:
        page = home.server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert b"988" in page.content


def test_a_database_that_is_away_is_a_pause_and_not_a_fault():
    try:
        raise OperationalError
    except OperationalError:
        page = home.server_error(RequestFactory().get("/"))
    assert page.status_code == 503


@pytest.mark.parametrize("path", ["/", "/help/", "/privacy/", "/nowhere/"])
def test_nothing_is_kept_by_the_browser(db, path):
    assert Client().get(path).headers["Cache-Control"] == "no-store, private"


def test_home_asks_the_database_as_often_with_many_groups_as_with_one(
    ben, harbor, signed_in, django_assert_num_queries
):
    from tests import cast

    client = signed_in(ben)
    client.get("/")
    with django_assert_num_queries(7):
        client.get("/")
    for name in ("Morning Light", "Evening Star"):
        cast.stay(cast.group(name), ben)
    with django_assert_num_queries(7):
        client.get("/")
