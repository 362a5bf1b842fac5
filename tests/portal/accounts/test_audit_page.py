"""The audit log as admins read it."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.membership.models import Group, Membership
from portal import audit
from portal.accounts import trail
from portal.accounts.models import User
from tests import cast

NOW = cast.NOW
Browser = Callable[[User], Client]


def deeds(**narrowed: object) -> list[tuple[str, str, str]]:
    wanted = {"person": None, "verb": "", "group_id": "", "page": None} | narrowed
    _, rows = trail.audit_page(**wanted)  # type: ignore[arg-type]
    return [(row.deed, row.target, row.group) for row in rows]


def test_names_stand_for_ids(eve: User, ben: User, harbor: Group) -> None:
    stay = Membership.objects.get(user=ben)
    group = {"group_id": harbor.public_id, "at": NOW}
    audit.record(eve, "membership.removed", "membership", stay.public_id, person=str(ben.public_id), **group)
    audit.record(eve, "group.changed", "group", harbor.public_id, **group)
    audit.record(eve, "account.approved", "person", ben.public_id, at=NOW)
    audit.record(None, "sign_in.refused", "person", "", at=NOW)
    audit.record(eve, "report.decided", "report", cast.nobody(), **group)

    assert deeds() == [
        ("Report decided", "Report", "Quiet Harbor"),
        ("Sign-in refused", "Person", ""),
        ("Account approved", "Ben", ""),
        ("Group changed", "Quiet Harbor", "Quiet Harbor"),
        ("Membership removed", "Ben", "Quiet Harbor"),
    ]


def test_newest_first_and_in_pages(eve: User, signed_in: Browser) -> None:
    browser = signed_in(eve)
    for number in range(trail.ENTRIES_A_PAGE + 1):
        audit.record(eve, f"deed.{number}", "person", eve.public_id, at=NOW + timedelta(minutes=number))
    page = browser.get("/audit/").content.decode()
    assert ("Page 1 of 2" in page, ">Deed 30</td>" in page, ">Deed 0</td>" in page) == (True, True, False)
    assert ">Deed 0</td>" in browser.get("/audit/?page=2").content.decode()


def test_narrowed_to_a_person_a_deed_or_a_group(eve: User, ben: User, harbor: Group, signed_in: Browser) -> None:
    audit.record(eve, "account.approved", "person", ben.public_id, at=NOW)
    audit.record(ben, "profile.changed", "person", ben.public_id, at=NOW)
    audit.record(eve, "membership.removed", "x", cast.nobody(), at=NOW, person=str(ben.public_id))
    audit.record(eve, "group.changed", "group", harbor.public_id, at=NOW, group_id=harbor.public_id)

    assert [deed for deed, _, _ in deeds(person=ben)] == ["Membership removed", "Profile changed", "Account approved"]
    assert [deed for deed, _, _ in deeds(verb="group.changed")] == ["Group changed"]
    assert [deed for deed, _, _ in deeds(group_id=str(harbor.public_id))] == ["Group changed"]

    page = signed_in(eve).get(f"/audit/?person={ben.public_id}").content.decode()
    assert ("Only about <strong>Ben</strong>" in page, ">Group changed</td>" in page) == (True, False)


def test_an_odd_address_shows_everything(eve: User, signed_in: Browser) -> None:
    audit.record(eve, "account.approved", "person", eve.public_id, at=NOW)
    browser = signed_in(eve)
    for odd in ("verb=nothing.like.it", "group=7", "person=7", "page=nonsense", "verb=%00"):
        assert b"Account approved" in browser.get(f"/audit/?{odd}").content
    assert browser.get(f"/audit/?person={cast.nobody()}").status_code == 404


def test_the_log_costs_the_same_with_one_and_with_many(
    eve: User, ben: User, harbor: Group, signed_in: Browser, django_assert_num_queries: Callable
) -> None:
    def some(count: int) -> None:
        for _ in range(count):
            person = cast.person(f"Person {User.objects.count()}")
            group = {"group_id": harbor.public_id, "at": NOW}
            audit.record(person, "membership.asked", "membership", cast.nobody(), person=str(ben.public_id), **group)
            audit.record(eve, "account.approved", "person", person.public_id, at=NOW)

    browser = signed_in(eve)
    some(1)
    with CaptureQueriesContext(connection) as few:
        browser.get("/audit/")
    some(3)
    with django_assert_num_queries(len(few)):
        browser.get("/audit/")
