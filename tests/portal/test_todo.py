"""What waits for somebody who works here, as home says it."""

from django.test import Client

from portal.todo import waiting_for
from tests import cast


def words(user):
    return [task.words for task in waiting_for(user)]


def test_a_facilitator_hears_of_requests_to_their_own_groups(amina, dora, asking):
    assert words(amina) == ["1 person asks to join"]
    assert words(dora) == []


def test_an_admin_hears_of_people_without_an_account_too(eve, asking, waiting, harbor):
    cast.person("Wilma", standing=waiting.standing)
    assert words(eve) == ["1 person asks to join", "2 people wait for an account"]


def test_nothing_waits_for_a_patient(ben, asking, waiting):
    assert waiting_for(ben) == []


def test_home_says_it_and_leads_there(amina, asking, signed_in):
    page = signed_in(amina).get("/").content.decode()
    assert "Waiting for you" in page
    assert 'href="/queue/#requests"' in page


def test_home_is_silent_when_nothing_waits(amina, ben, signed_in):
    for person in (amina, ben):
        assert "Waiting for you" not in signed_in(person).get("/").content.decode()


def test_home_asks_as_often_for_many_requests_as_for_one(amina, harbor, asking, signed_in, django_assert_num_queries):
    client: Client = signed_in(amina)
    client.get("/")
    with django_assert_num_queries(8):
        client.get("/")
    for name in ("Wren", "North"):
        cast.stay(harbor, cast.person(name), state=harbor.memberships.get(user=asking).state)
    with django_assert_num_queries(8):
        client.get("/")
