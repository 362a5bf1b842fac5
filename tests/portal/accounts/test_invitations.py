"""One link, for one address, once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts import invitations
from portal.accounts.joining import AddressTaken
from portal.accounts.models import Invitation, Role, Standing, User
from portal.audit import AuditEntry
from portal.errors import NotFound
from portal.notifications.models import Notice
from tests import cast
from tests.portal.notifications.worker import run_jobs

Browser = Callable[[User], Client]
ABOUT_ME = {
    "display_name": "Quiet River",
    "legal_name": "Nora Newman",
    "time_zone": "America/Chicago",
    "password": "a long quiet password",
}


def link_in_mail() -> str:
    """Where the newest mail leads, after the worker has sent it."""
    run_jobs()
    found = re.search(r"http://[^/]+(/invitations/\S+)", mail.outbox[-1].body)
    assert found
    return found.group(1)


@pytest.fixture
def link(eve: User) -> str:
    """An invitation for a new facilitator, as it lies in the mailbox."""
    invitations.invite(eve, email="Nora@Example.org", role=Role.FACILITATOR, at=timezone.now())
    return link_in_mail()


def test_who_is_invited_gets_in_at_once(link: str, eve: User, visitor: Client) -> None:
    assert mail.outbox[-1].to == ["nora@example.org"]
    page = visitor.get(link)
    assert b"nora@example.org" in page.content

    answer = visitor.post(link, ABOUT_ME)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    nora = User.objects.get(email="nora@example.org")
    assert (nora.role, nora.standing, nora.standing_by) == (Role.FACILITATOR, Standing.APPROVED, eve)
    assert (nora.display_name, nora.legal_name, nora.time_zone) == ("Quiet River", "Nora Newman", "America/Chicago")
    assert EmailAddress.objects.filter(user=nora, verified=True, primary=True).count() == 1
    assert visitor.get("/me/").status_code == 200

    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", "actor__display_name"))
    assert verbs == [
        ("invitation.sent", "Eve"),
        ("invitation.accepted", "Quiet River"),
        ("person.signed_in", "Quiet River"),
    ]


def test_the_token_is_long_and_only_its_hash_is_kept(link: str) -> None:
    token = link.split("/")[2]
    assert len(token) >= 43  # 32 bytes
    row = Invitation.objects.get()
    assert token not in str(vars(row))
    assert Notice.objects.get().secret == ""


def test_wrong_used_expired_and_revoked_look_the_same(link: str, eve: User) -> None:
    def body(path: str) -> tuple[int, str]:
        answer = Client().get(path)
        return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())

    wrong = body("/invitations/never-was-one/")
    assert wrong[0] == 404
    Client().post(link, ABOUT_ME)
    assert body(link) == wrong
    assert Client().post(link, ABOUT_ME).status_code == 404

    second = invitations.invite(eve, email="second@example.org", role=Role.PATIENT, at=timezone.now())
    link = link_in_mail()
    invitations.revoke(eve, second.public_id, at=timezone.now())
    assert body(link) == wrong

    invitations.invite(eve, email="third@example.org", role=Role.PATIENT, at=timezone.now() - timedelta(days=7))
    row = Invitation.objects.get(email="third@example.org")
    token = "known to the test"
    Invitation.objects.filter(pk=row.pk).update(token_hash=invitations._hash(token))
    assert body(f"/invitations/{token}/") == wrong


def test_opening_the_page_uses_nothing_up(link: str, visitor: Client) -> None:
    for _ in range(3):
        visitor.get(link)
        visitor.head(link)
    assert visitor.post(link, ABOUT_ME).status_code == 302


def test_a_link_works_once_even_twice_at_the_same_moment(link: str) -> None:
    token = link.split("/")[2]
    invitations.accept(token, **ABOUT_ME, at=timezone.now())
    with pytest.raises(NotFound):
        invitations.accept(token, **ABOUT_ME | {"display_name": "Other"}, at=timezone.now())
    assert User.objects.filter(email="nora@example.org").count() == 1


def test_the_address_and_the_role_cannot_be_chosen(link: str, visitor: Client) -> None:
    visitor.post(link, ABOUT_ME | {"email": "else@example.org", "role": "admin", "standing": "approved"})
    assert list(User.objects.exclude(role=Role.ADMIN).values_list("email", "role")) == [
        ("nora@example.org", "facilitator")
    ]


def test_the_page_asks_again_when_something_is_missing(link: str, visitor: Client, sam: User) -> None:
    for wrong, words in [
        ({"display_name": "SAM"}, "has this name already"),
        ({"display_name": "Nora Newman"}, "looks like your real name"),
        ({"password": "short"}, "too short"),
        ({"time_zone": "Mars/Olympus"}, "Choose one of these"),
        ({"legal_name": ""}, "Enter your real name"),
    ]:
        page = visitor.post(link, ABOUT_ME | wrong)
        assert (page.status_code, words in page.content.decode()) == (200, True), words
    assert Invitation.objects.get().accepted_at is None


def test_who_is_signed_in_is_asked_to_sign_out_first(link: str, sam: User, signed_in: Browser) -> None:
    browser = signed_in(sam)
    assert b"You are signed in already" in browser.get(link).content
    assert b"You are signed in already" in browser.post(link, ABOUT_ME).content
    assert Invitation.objects.get().accepted_at is None


def test_sending_again_makes_a_new_link_and_the_old_one_stops(link: str, eve: User, signed_in: Browser) -> None:
    row = Invitation.objects.get()
    signed_in(eve).post(f"/people/invitations/{row.public_id}/mail/")
    new = link_in_mail()
    assert new != link
    assert (Client().get(link).status_code, Client().get(new).status_code) == (404, 200)
    assert AuditEntry.objects.filter(verb="invitation.sent_again", actor=eve).count() == 1


def test_an_invitation_that_is_too_old_can_be_sent_again(eve: User) -> None:
    old = invitations.invite(eve, email="late@example.org", role=Role.PATIENT, at=timezone.now() - timedelta(days=30))
    with pytest.raises(invitations.AlreadyInvited):
        invitations.invite(eve, email="late@example.org", role=Role.PATIENT, at=timezone.now())
    invitations.send_again(eve, old.public_id, at=timezone.now())
    assert Client().get(link_in_mail()).status_code == 200


def test_taking_back_is_written_down_and_final(link: str, eve: User, signed_in: Browser) -> None:
    row = Invitation.objects.get()
    browser = signed_in(eve)
    browser.post(f"/people/invitations/{row.public_id}/revocation/")
    assert b"nora@example.org" not in browser.get("/people/").content
    assert AuditEntry.objects.filter(verb="invitation.revoked", target_id=str(row.public_id)).count() == 1
    assert browser.post(f"/people/invitations/{row.public_id}/mail/").status_code == 404


def test_an_address_with_an_account_is_not_invited(eve: User, sam: User, signed_in: Browser) -> None:
    with pytest.raises(AddressTaken):
        invitations.invite(eve, email="SAM@example.org", role=Role.PATIENT, at=cast.NOW)
    page = signed_in(eve).post("/people/invitations/", {"email": "sam@example.org", "role": "patient"})
    assert page.status_code == 409
    assert b"There is an account with this address already" in page.content


def test_a_prepared_account_is_the_one_that_opens(eve: User, visitor: Client) -> None:
    prepared = cast.person("Nora", standing=Standing.INVITED)
    invitations.invite(eve, email=prepared.email, role=Role.PATIENT, at=timezone.now())
    visitor.post(link_in_mail(), ABOUT_ME)
    prepared.refresh_from_db()
    assert (prepared.display_name, prepared.standing) == ("Quiet River", Standing.APPROVED)


def test_an_invitation_wins_over_an_account_nobody_confirmed(link: str, visitor: Client) -> None:
    asked = ABOUT_ME | {"email": "nora@example.org", "password1": "the strangers password", "display_name": "Stranger"}
    Client().post("/account/signup/", asked)
    visitor.post(link, ABOUT_ME)
    assert User.objects.get(email="nora@example.org").check_password(ABOUT_ME["password"])


def test_only_admins_invite(amina: User, ben: User, waiting: User, eve: User, signed_in: Browser) -> None:
    row = invitations.invite(eve, email="new@example.org", role=Role.PATIENT, at=cast.NOW)
    for person, status in ((amina, 404), (ben, 404), (waiting, 302)):
        browser = signed_in(person)
        for path in ("", f"{row.public_id}/mail/", f"{row.public_id}/revocation/"):
            data = {"email": "x@example.org", "role": "admin"}
            assert browser.post(f"/people/invitations/{path}", data).status_code == status
        with pytest.raises(NotFound):
            invitations.invite(person, email="x@example.org", role=Role.ADMIN, at=cast.NOW)
    assert list(Invitation.objects.values_list("email", "revoked_at")) == [("new@example.org", None)]


def test_the_page_to_invite(eve: User, signed_in: Browser) -> None:
    browser = signed_in(eve)
    assert b"Invite somebody" in browser.get("/people/invitations/").content
    page = browser.post("/people/invitations/", {"email": "not an address", "role": "patient"})
    assert b"does not look like an e-mail address" in page.content
    answer = browser.post("/people/invitations/", {"email": "new@example.org", "role": "patient"})
    assert answer["Location"] == "/people/"
    assert b"new@example.org" in browser.get("/people/").content


def test_inviting_has_a_limit(eve: User, signed_in: Browser) -> None:
    browser = signed_in(eve)
    statuses = [
        browser.post("/people/invitations/", {"email": f"n{number}@example.org", "role": "patient"}).status_code
        for number in range(31)
    ]
    assert statuses == [302] * 30 + [429]
