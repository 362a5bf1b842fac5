"""Where one is signed in, and ending it elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal.accounts import own
from portal.accounts.models import SignIn, User
from portal.audit import AuditEntry
from portal.errors import NotFound

Browser = Callable[[User], Client]


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def test_the_page_lists_this_device_and_the_others(sam: User, eve: User, signed_in: Browser) -> None:
    here = signed_in(sam)
    signed_in(sam), signed_in(eve)
    SignIn.objects.exclude(session_id=here.session.session_key).filter(person=sam).update(device="Firefox on Mac")
    SignIn.objects.filter(person=eve).update(device="Edge on Windows")
    page = here.get("/me/devices/").content.decode()
    assert ("A browser" in page, "Firefox on Mac" in page, "Edge on Windows" in page) == (True, True, False)
    assert "signed out when nothing happens for 30 minutes" in page


def test_what_has_run_out_is_not_listed(sam: User, signed_in: Browser) -> None:
    here = signed_in(sam)
    old = signed_in(sam).session.session_key
    Session.objects.filter(pk=old).update(expire_date=timezone.now())
    assert "You are signed in nowhere else." in here.get("/me/devices/").content.decode()


def test_signing_out_there_asks_once_more_who_one_is(sam: User, signed_in: Browser) -> None:
    here, there = signed_in(sam), signed_in(sam)
    row = SignIn.objects.get(session_id=there.session.session_key)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = here.post(f"/me/devices/{row.public_id}/ending/")
    assert answer["Location"].startswith("/me/confirmation/")
    assert is_in(there)


def test_one_device_is_signed_out_and_the_others_stay(sam: User, signed_in: Browser) -> None:
    here, there, elsewhere = signed_in(sam), signed_in(sam), signed_in(sam)
    row = SignIn.objects.get(session_id=there.session.session_key)
    here.post(f"/me/devices/{row.public_id}/ending/")
    assert [is_in(browser) for browser in (here, there, elsewhere)] == [True, False, True]
    assert AuditEntry.objects.filter(verb="session.ended", actor=sam).count() == 1


def test_all_others_are_signed_out(sam: User, eve: User, signed_in: Browser) -> None:
    here, there, hers = signed_in(sam), signed_in(sam), signed_in(eve)
    here.post("/me/devices/others/ending/")
    assert [is_in(browser) for browser in (here, there, hers)] == [True, False, True]


def test_nobody_ends_the_session_of_another(sam: User, eve: User, signed_in: Browser) -> None:
    hers = signed_in(eve)
    row = SignIn.objects.get()
    with pytest.raises(NotFound):
        own.end_session(sam, row.public_id, at=timezone.now())
    assert is_in(hers)


def test_an_admin_signs_somebody_out_everywhere(sam: User, eve: User, signed_in: Browser) -> None:
    one, two, admins = signed_in(sam), signed_in(sam), signed_in(eve)
    answer = admins.post(f"/people/{sam.public_id}/sessions/ending/", follow=True)
    assert "They are signed out everywhere." in answer.content.decode(), answer.content.decode()[3000:8000]
    assert [is_in(browser) for browser in (one, two, admins)] == [False, False, True]
