"""Whose session it is, and that its end is heard."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal.accounts.jobs import tidy_up
from portal.accounts.models import SignIn, User
from portal.accounts.sessions import SessionStore, digest, end_sessions
from tests.portal.accounts.conftest import Hints

Browser = Callable[[User], Client]
Captured = Callable


def test_a_session_knows_its_person(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    row = SignIn.objects.get()
    assert (row.person, row.session_id) == (sam, browser.session.session_key)


def test_a_visitors_session_is_nobodys(visitor: Client, db: None) -> None:
    visitor.post("/account/login/code/", {"email": "somebody@example.org"})
    assert (Session.objects.count(), SignIn.objects.count()) == (1, 0)


def test_using_a_session_does_not_make_it_new(sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    before = SignIn.objects.get().started_at
    session = browser.session
    session["word"] = "something"
    session.save()
    assert SignIn.objects.get().started_at == before


def test_ending_one_by_its_key_is_heard(
    sam: User, signed_in: Browser, hints: Hints, django_capture_on_commit_callbacks: Captured
) -> None:
    key = signed_in(sam).session.session_key
    hints.clear()
    with django_capture_on_commit_callbacks(execute=True):
        SessionStore(key).delete()
        SessionStore(key).delete()
    assert hints == [(sam.topic, {"type": "session.ended", "session": digest(key)})]


def test_a_hint_does_not_give_the_session_away(
    sam: User, signed_in: Browser, hints: Hints, django_capture_on_commit_callbacks: Captured
) -> None:
    key = signed_in(sam).session.session_key
    with django_capture_on_commit_callbacks(execute=True):
        end_sessions(sam)
    assert key not in str(hints)


def test_only_that_persons_sessions_end(sam: User, eve: User, signed_in: Browser) -> None:
    mine, theirs = signed_in(sam), signed_in(eve)
    assert end_sessions(sam) == 1
    assert (mine.get("/me/").status_code, theirs.get("/me/").status_code) == (302, 200)


def test_what_ran_out_is_tidied_up(sam: User, eve: User, signed_in: Browser) -> None:
    signed_in(sam), signed_in(eve)
    Session.objects.filter(sign_in__person=sam).update(expire_date=timezone.now() - timedelta(seconds=1))
    tidy_up(timestamp=0)
    assert list(SignIn.objects.values_list("person", flat=True)) == [eve.pk]
