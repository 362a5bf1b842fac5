"""The page about me."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts import own
from portal.accounts.joining import NameTaken
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.accounts.conftest import Hints

Browser = Callable[[User], Client]


def test_i_see_how_i_am_seen_and_how_i_sign_in(sam: User, signed_in: Browser) -> None:
    page = signed_in(sam).get("/me/").content.decode()
    assert ("Sam" in page, sam.email in page, "/account/password/change/" in page) == (True, True, True)
    assert sam.legal_name not in page


def test_i_take_another_name_and_zone(
    sam: User, signed_in: Browser, hints: Hints, django_capture_on_commit_callbacks: Callable
) -> None:
    browser = signed_in(sam)
    hints.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/me/", {"display_name": "Old Oak", "time_zone": "America/Denver"})
    assert answer["Location"] == "/me/"
    assert b"Saved." in browser.get("/me/").content

    sam.refresh_from_db()
    assert (sam.display_name, sam.time_zone) == ("Old Oak", "America/Denver")
    entry = AuditEntry.objects.get(verb="profile.changed")
    assert (entry.actor, entry.facts) == (sam, {"changed": ["display_name", "time_zone"]})
    assert hints == [(sam.topic, {"type": "person.changed"})]


def test_saving_what_is_there_changes_nothing(sam: User, signed_in: Browser) -> None:
    signed_in(sam).post("/me/", {"display_name": "Sam", "time_zone": sam.time_zone})
    assert not AuditEntry.objects.exists()


def test_i_cannot_take_a_name_that_somebody_has(sam: User, eve: User, signed_in: Browser) -> None:
    page = signed_in(sam).post("/me/", {"display_name": "EVE", "time_zone": sam.time_zone})
    assert b"Somebody here has this name already" in page.content
    with pytest.raises(NameTaken):
        own.change_profile(sam, display_name="eve", time_zone=sam.time_zone, at=cast.NOW)
    sam.refresh_from_db()
    assert sam.display_name == "Sam"


def test_i_may_change_the_case_of_my_own_name(sam: User, signed_in: Browser) -> None:
    signed_in(sam).post("/me/", {"display_name": "SAM", "time_zone": sam.time_zone})
    sam.refresh_from_db()
    assert sam.display_name == "SAM"


def test_i_change_only_what_the_page_shows(sam: User, signed_in: Browser) -> None:
    data = {"display_name": "Old Oak", "time_zone": sam.time_zone, "role": "admin", "email": "x@example.org"}
    signed_in(sam).post("/me/", data)
    sam.refresh_from_db()
    assert (sam.role, sam.email) == ("patient", "sam@example.org")


def test_the_clinics_zone_stands_first(sam: User, signed_in: Browser, settings: object) -> None:
    settings.CLINIC_TIME_ZONE = "America/Chicago"  # type: ignore[attr-defined]
    page = signed_in(sam).get("/me/").content.decode()
    options = page.partition('name="time_zone"')[2].split("<option ")
    assert 'value="America/Chicago"' in options[1]
    assert page.count('value="America/New_York"') == 1
