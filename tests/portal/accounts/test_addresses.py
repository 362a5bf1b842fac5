"""Another address, told to the old one with a way back that works once, for three days."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts import addresses
from portal.accounts.changes import AddressChange
from portal.accounts.factors import actions
from portal.accounts.joining import AddressTaken
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests import cast
from tests.portal.notifications.worker import run_jobs

Enter = Callable[..., Client]
NEW = "sam.new@example.org"


@pytest.fixture
def change(newest_code: Callable[[], str]) -> Callable[[Client, str], str]:
    """Change the address, from the form to the code. Returns the way back, from the mail to the old one."""

    def go(browser: Client, email: str = NEW) -> str:
        browser.post("/account/email/", {"email": email, "action_add": "yes"})
        code = newest_code()
        assert mail.outbox[-1].to == [email]
        browser.post("/account/confirm-email/", {"code": code})
        run_jobs()
        found = re.search(r"http://[^/]+(/address/\S+)", mail.outbox[-1].body)
        assert found
        return found[1]

    return go


def test_the_old_mailbox_hears_of_it_and_other_sessions_end(
    sam: User, signed_in: Enter, change: Callable[..., str]
) -> None:
    browser, elsewhere = signed_in(sam), signed_in(sam)
    link = change(browser)
    sam.refresh_from_db()
    assert sam.email == NEW
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (["sam@example.org"], "Your e-mail address has changed")
    assert NEW not in mail.outbox[-1].body
    assert (browser.get("/me/").status_code, elsewhere.get("/me/").status_code) == (200, 302)
    assert link.split("/")[2] not in str(AddressChange.objects.values())


def test_the_way_back_brings_the_address_back_and_shuts_everybody_out(
    sam: User, signed_in: Enter, change: Callable[..., str], newest_code: Callable[[], str]
) -> None:
    thief = signed_in(sam)
    actions.add_app(sam, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", counter=0, here=None, at=timezone.now())
    thief = signed_in(sam, factor=True)
    link = change(thief)

    mine = Client()
    for _ in range(2):
        assert b"Bring my address back" in mine.get(link).content
    assert mine.post(link)["Location"] == "/account/password/reset/"
    assert b"Your old address is back" in mine.get("/account/password/reset/").content
    sam.refresh_from_db()
    assert (sam.email, sam.has_usable_password()) == ("sam@example.org", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("sam@example.org", True, True)]
    assert not Authenticator.objects.exists()
    assert thief.get("/me/").status_code == 302
    assert Client().post("/account/login/", {"login": NEW, "password": cast.PASSWORD}).status_code == 200
    facts = AuditEntry.objects.get(verb="address.restored").facts
    assert facts == {"sessions_ended": 1, "factors_removed": 1}

    mine.post("/account/password/reset/", {"email": "sam@example.org"})
    mine.post("/account/password/reset/confirm/", {"code": newest_code()})
    mine.post("/account/password/reset/complete/", {"password1": "another long password"})
    answer = mine.post("/account/login/", {"login": "sam@example.org", "password": "another long password"})
    assert answer["Location"] == "/"


def test_a_factor_from_before_stays(sam: User, signed_in: Enter, change: Callable[..., str]) -> None:
    actions.add_app(sam, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", counter=0, here=None, at=timezone.now())
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=2))
    Client().post(change(signed_in(sam, factor=True)))
    assert Authenticator.objects.filter(user=sam).count() == 2


def test_wrong_used_and_expired_look_the_same(sam: User, signed_in: Enter, change: Callable[..., str]) -> None:
    def body(path: str) -> tuple[int, str]:
        answer = Client().get(path)
        return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())

    wrong = body("/address/never-was-one/")
    link = change(signed_in(sam))
    assert body(link) != wrong
    AddressChange.objects.update(expires_at=timezone.now())
    assert (body(link), Client().post(link).status_code) == (wrong, 404)
    AddressChange.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    Client().post(link)
    assert (body(link), Client().post(link).status_code) == (wrong, 404)
    assert wrong[0] == 404


def test_it_works_for_three_days(sam: User, signed_in: Enter, change: Callable[..., str]) -> None:
    token = change(signed_in(sam)).split("/")[2]
    made = AddressChange.objects.get()
    assert made.expires_at - made.changed_at == timedelta(hours=72)
    assert addresses.change_behind(token, at=made.changed_at + timedelta(hours=71.9)) == made
    addresses.forget_old_changes(at=made.changed_at + timedelta(hours=72))
    assert not AddressChange.objects.exists()


def test_undoing_the_first_change_voids_the_way_back_from_the_second(
    sam: User, signed_in: Enter, change: Callable[..., str]
) -> None:
    thief = signed_in(sam)
    mine = change(thief, "thief@example.org")
    theirs = change(thief, "thief.two@example.org")
    Client().post(mine)
    assert Client().post(theirs).status_code == 404
    sam.refresh_from_db()
    assert sam.email == "sam@example.org"


def test_an_address_that_somebody_has_by_now_stays_theirs(
    sam: User, signed_in: Enter, change: Callable[..., str]
) -> None:
    link = change(signed_in(sam))
    other = cast.person("Other")
    User.objects.filter(pk=other.pk).update(email="sam@example.org")
    assert Client().post(link).status_code == 409
    with pytest.raises(AddressTaken):
        addresses.undo(link.split("/")[2], at=timezone.now())
