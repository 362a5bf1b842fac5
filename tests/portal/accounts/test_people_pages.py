"""The list of people and one person's page."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts import actions, queries
from portal.accounts.models import Role, Standing, User
from tests import cast

Browser = Callable[[User], Client]


def names(page: Any) -> list[str]:
    return [person.display_name for person in page]


def found(words: str = "", standing: str = "") -> list[str]:
    return names(queries.people_page(words=words, standing=standing, page=None))


def test_who_waits_comes_first_the_longest_at_the_top(db: None) -> None:
    cast.person("Zoe")
    cast.person("anna")
    late = cast.person("Late", standing=Standing.WAITING)
    early = cast.person("Early", standing=Standing.WAITING)
    User.objects.filter(pk=early.pk).update(created_at=late.created_at - (cast.NOW - late.created_at))

    assert found() == ["Early", "Late", "anna", "Zoe"]


def test_people_are_found_by_either_name_and_by_address(eve: User, sam: User) -> None:
    assert found(words="sAM") == ["Sam"]
    assert found(words="Legal S") == ["Sam"]
    assert found(words="sam@") == ["Sam"]
    assert found(words="100%") == []
    assert found(standing=Standing.WAITING) == []
    assert found(standing=Standing.APPROVED) == ["Eve", "Sam"]


def test_what_an_admin_looks_for_does_not_end_up_in_the_address(eve: User, sam: User, signed_in: Browser) -> None:
    browser = signed_in(eve)
    answer = browser.post("/people/", {"words": "sam@example.org", "standing": ""})
    assert answer["Location"] == "/people/"
    page = browser.get("/people/").content.decode()
    assert ("1 found" in page, "sam@example.org" in page, "eve@example.org" in page) == (True, True, False)

    browser.post("/people/", {})
    assert "eve@example.org" in browser.get("/people/").content.decode()


def test_the_list_costs_the_same_with_one_and_with_many(
    eve: User, signed_in: Browser, django_assert_num_queries: Callable
) -> None:
    browser = signed_in(eve)
    cast.person("One")
    with CaptureQueriesContext(connection) as few:
        browser.get("/people/")
    for number in range(5):
        cast.person(f"More {number}", standing=Standing.WAITING)
    with django_assert_num_queries(len(few)):
        page = browser.get("/people/")
    assert page.content.count(b'class="row-title"') == 7


def test_the_list_comes_in_pages(eve: User, signed_in: Browser) -> None:
    for number in range(queries.PEOPLE_A_PAGE):
        cast.person(f"Person {number:02}")
    browser = signed_in(eve)
    assert b"Page 1 of 2" in browser.get("/people/").content
    assert b"Page 2 of 2" in browser.get("/people/?page=2").content
    assert browser.get("/people/?page=nonsense").status_code == 200


def test_a_persons_page_offers_what_can_be_done(eve: User, sam: User, waiting: User) -> None:
    def offered(person: User) -> set[str]:
        page = queries.person_page(person, reader=eve, now=cast.NOW)
        return {key for key, value in page.items() if key.startswith("may_") and value}

    closed = cast.person("Closed", standing=Standing.DEACTIVATED)
    paused = cast.person("Paused", standing=Standing.PAUSED)
    assert offered(waiting) == {"may_approve", "may_turn_down"}
    assert offered(sam) == {"may_change_role", "may_deactivate"}
    assert offered(paused) == {"may_change_role", "may_deactivate", "may_return"}
    assert offered(closed) == {"may_return"}
    assert offered(eve) == set()


def test_a_persons_page_says_what_was_done(
    eve: User, sam: User, signed_in: Browser, django_assert_num_queries: Callable
) -> None:
    browser = signed_in(eve)
    actions.change_role(eve, sam.public_id, role=Role.FACILITATOR, reason="Trained.", at=cast.NOW)
    browser.get(f"/people/{sam.public_id}/")  # the first look is written down
    with CaptureQueriesContext(connection) as few:
        page = browser.get(f"/people/{sam.public_id}/").content.decode()
    assert ("Role changed" in page, "Trained." in page, "Legal Sam" in page) == (True, True, True)
    for _ in range(3):
        actions.deactivate(eve, sam.public_id, reason="Away.", at=cast.NOW)
        actions.let_return(eve, sam.public_id, at=cast.NOW)
    with django_assert_num_queries(len(few)):
        browser.get(f"/people/{sam.public_id}/")


def test_no_title_names_anybody(eve: User, sam: User, signed_in: Browser) -> None:
    page = signed_in(eve).get(f"/people/{sam.public_id}/").content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title == "Person · Portal"
