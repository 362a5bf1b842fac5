"""Asking for an account: a form, a code by mail, then waiting for an admin."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts import actions, joining
from portal.accounts.models import Standing, User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.notifications.worker import run_jobs

Asked = dict[str, str]


def test_who_asks_confirms_by_code_and_then_waits(
    visitor: Client, asked: Asked, newest_code: Callable[[], str], eve: User
) -> None:
    answer = visitor.post("/account/signup/", asked)
    assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")
    page = visitor.get("/account/confirm-email/")
    assert b"new.person@example.org" in page.content

    code = newest_code()
    assert mail.outbox[-1].to == ["new.person@example.org"]
    answer = visitor.post("/account/confirm-email/", {"code": code, "action": "verify"})
    assert (answer.status_code, answer["Location"]) == (302, "/")

    person = User.objects.get(email="new.person@example.org")
    assert (person.display_name, person.legal_name, person.standing) == ("Quiet River", "Nora Newman", "waiting")
    assert b"We have your request" in visitor.get("/").content
    assert b"We have your request" in visitor.get("/waiting/").content
    assert AuditEntry.objects.filter(verb="account.asked", actor=person).count() == 1

    run_jobs()
    assert mail.outbox[-1].to == [eve.email]
    assert mail.outbox[-1].subject == "You have an update"


def test_until_the_code_is_given_the_account_is_nobodys(visitor: Client, asked: Asked) -> None:
    visitor.post("/account/signup/", asked)

    person = User.objects.get(email="new.person@example.org")
    assert not User.objects.waiting().filter(pk=person.pk).exists()
    assert not User.objects.known().filter(pk=person.pk).exists()
    assert visitor.get("/waiting/").status_code == 302
    assert not AuditEntry.objects.filter(verb="account.asked").exists()


def test_a_wrong_code_can_be_tried_again_but_not_for_ever(visitor: Client, asked: Asked) -> None:
    visitor.post("/account/signup/", asked)
    for _ in range(4):
        page = visitor.post("/account/confirm-email/", {"code": "AAAA-AAAA"})
        assert b"That is not the code" in page.content
    answer = visitor.post("/account/confirm-email/", {"code": "AAAA-AAAA"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")


def test_a_new_code_comes_when_asked_for(visitor: Client, asked: Asked, newest_code: Callable[[], str]) -> None:
    visitor.post("/account/signup/", asked)
    first = newest_code()
    answer = visitor.post("/account/confirm-email/", {"action": "resend"})
    assert answer.status_code == 302
    second = newest_code()
    assert first != second

    assert visitor.post("/account/confirm-email/", {"code": second}).status_code == 302
    assert User.objects.waiting().get().email == "new.person@example.org"


def test_an_unconfirmed_account_gives_way_to_the_next_who_asks(
    asked: Asked, newest_code: Callable[[], str], db: None
) -> None:
    stranger, owner = Client(), Client()
    stranger.post("/account/signup/", asked | {"password1": "the strangers password"})
    owner.post("/account/signup/", asked)
    owner.post("/account/confirm-email/", {"code": newest_code()})

    person = User.objects.get(email="new.person@example.org")
    assert person.check_password("a long quiet password")
    page = stranger.post("/account/confirm-email/", {"code": "BBBB-BBBB"})
    assert page.status_code == 200
    assert b"That is not the code" in page.content


def test_the_code_of_an_account_that_gave_way_is_just_not_the_code(
    asked: Asked, newest_code: Callable[[], str], db: None
) -> None:
    first, second = Client(), Client()
    first.post("/account/signup/", asked)
    code = newest_code()
    second.post("/account/signup/", asked)

    page = first.post("/account/confirm-email/", {"code": code})
    assert b"That is not the code" in page.content


def test_no_code_opens_an_account_whose_password_a_stranger_may_have_chosen(asked: Asked, db: None) -> None:
    Client().post("/account/signup/", asked)
    run_jobs()
    mail.outbox.clear()

    owner = Client()
    owner.post("/account/login/code/", {"email": asked["email"]})
    owner.post("/account/password/reset/", {"email": asked["email"]})
    run_jobs()
    assert mail.outbox == []


def test_what_nobody_confirms_in_a_day_is_forgotten(visitor: Client, asked: Asked, sam: User) -> None:
    visitor.post("/account/signup/", asked)

    assert joining.forget_unconfirmed(at=timezone.now() + timedelta(hours=23)) == 0
    assert joining.forget_unconfirmed(at=timezone.now() + timedelta(hours=25)) == 1
    assert list(User.objects.all()) == [sam]


def test_asking_can_be_switched_off(visitor: Client, asked: Asked, settings: object) -> None:
    settings.ASK_FOR_ACCOUNT = False  # type: ignore[attr-defined]

    assert b"By invitation" in visitor.get("/account/signup/").content
    visitor.post("/account/signup/", asked)
    assert User.objects.count() == 0
    assert b"/account/signup/" not in visitor.get("/account/login/").content


def test_a_name_somebody_has_is_refused_whatever_its_case(visitor: Client, asked: Asked, sam: User) -> None:
    page = visitor.post("/account/signup/", asked | {"display_name": "sAM"})
    assert b"Somebody here has this name already" in page.content
    assert User.objects.count() == 1


def test_two_who_take_a_name_at_the_same_moment_get_one_each(sam: User) -> None:
    """What the form let through is refused by the database, in words."""
    values = {"legal_name": "Nora Newman", "time_zone": "America/New_York", "password": "a long quiet password"}
    with pytest.raises(joining.NameTaken):
        joining.ask_for_account(email="n@example.org", display_name="SAM", **values, at=cast.NOW)


def test_short_and_common_passwords_are_refused(visitor: Client, asked: Asked) -> None:
    for password in ("short", "password1234", "new.person@example.org"):
        page = visitor.post("/account/signup/", asked | {"password1": password})
        assert page.status_code == 200
        assert b"field-wrong" in page.content
    assert User.objects.count() == 0


def test_a_person_cannot_make_themselves_an_admin(
    visitor: Client, asked: Asked, newest_code: Callable[[], str]
) -> None:
    visitor.post("/account/signup/", asked | {"role": "admin", "standing": "approved", "is_staff": "1"})
    visitor.post("/account/confirm-email/", {"code": newest_code()})
    person = User.objects.get()
    assert (person.role, person.standing) == ("patient", Standing.WAITING)


def test_the_clinic_can_approve_only_whose_address_is_confirmed(visitor: Client, asked: Asked, eve: User) -> None:
    visitor.post("/account/signup/", asked)
    person = User.objects.get(email=asked["email"])
    with pytest.raises(actions.NotConfirmed):
        actions.approve(eve, person.public_id, at=cast.NOW)


def test_the_front_page_offers_what_is_possible(visitor: Client, settings: object, db: None) -> None:
    assert b"/account/signup/" in visitor.get("/").content
    settings.ASK_FOR_ACCOUNT = False  # type: ignore[attr-defined]
    page = visitor.get("/").content
    assert (b"/account/signup/" in page, b"Open the link in your invitation" in page) == (False, True)
