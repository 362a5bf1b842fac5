"""A door that stays closed to somebody signed in is written down: who, which page, when, how it ended, no more."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import actions as chat
from groups.membership.models import Group
from portal.accounts import denied, trail
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests import cast

Browser = Callable[[User], Client]


def written() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=denied.VERB).order_by("pk"))


@pytest.mark.asvs("16.3.2", "16.3.3")
def test_who_has_no_business_there_and_who_lacks_the_right(
    sam: User, ben: User, harbor: Group, signed_in: Browser
) -> None:
    before = timezone.now()
    room = signed_in(sam).get(f"/groups/{harbor.public_id}/chat/")
    people = signed_in(sam).get("/people/")
    settings = signed_in(ben).get(f"/groups/{harbor.public_id}/settings/")

    assert (room.status_code, people.status_code, settings.status_code) == (404, 404, 403)
    assert [(entry.actor, entry.target_kind, entry.target_id, entry.facts) for entry in written()] == [
        (sam, "page", room.resolver_match.view_name, {"outcome": "not found"}),
        (sam, "page", people.resolver_match.view_name, {"outcome": "not found"}),
        (ben, "page", settings.resolver_match.view_name, {"outcome": "not allowed"}),
    ]
    assert all(before <= entry.at <= timezone.now() for entry in written())


def test_who_may_go_there_and_what_is_no_page_leave_nothing(
    ben: User, harbor: Group, signed_in: Browser, visitor: Client
) -> None:
    browser = signed_in(ben)
    assert browser.get(f"/groups/{harbor.public_id}/chat/").status_code == 200
    assert browser.get("/no/such/page/").status_code == 404
    assert visitor.get(f"/groups/{harbor.public_id}/chat/").status_code == 302
    assert visitor.get("/invitations/no-such-token/").status_code == 404
    assert written() == []


@pytest.mark.asvs("16.2.5")
def test_no_address_no_word_and_no_token_is_kept(sam: User, harbor: Group, signed_in: Browser) -> None:
    browser = signed_in(sam)
    browser.get(f"/groups/{harbor.public_id}/chat/?q=marked-words")
    browser.post(f"/chat/{harbor.room.public_id}/messages/", {"body": "marked-words", "key": str(uuid4())})
    entries = [json.dumps([entry.target_id, str(entry.group_id), entry.reason, entry.facts]) for entry in written()]
    assert len(entries) == 2
    for kept in entries:
        assert "marked" not in kept
        assert str(harbor.public_id) not in kept
        assert "/" not in kept


@pytest.mark.asvs("8.2.2")
def test_forbidden_and_absent_leave_the_same_and_take_the_same(
    ben: User, sam: User, harbor: Group, signed_in: Browser
) -> None:
    """What is written, what is answered, and what is asked of the database after the door has said no."""
    other = cast.group("Morning Light")
    dan = cast.person("Dan")
    cast.stay(other, dan)
    message = chat.send(dan, other.room.public_id, key=uuid4(), body="Words", at=timezone.now()).public_id
    found = []
    for who, room, kept in ((ben, other.room.public_id, message), (sam, cast.nobody(), cast.nobody())):
        browser = signed_in(who)
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"/chat/{room}/messages/{kept}/")
        entry = AuditEntry.objects.get(verb=denied.VERB, actor=who)
        after = [query["sql"].split()[2] for query in asked if query["sql"].lstrip().startswith("INSERT")]
        found.append((answer.status_code, entry.target_id, entry.group_id, entry.facts, after))
    assert found[0] == found[1]
    assert found[0][:2] == (404, "chat:message")
    assert found[0][4] == ["portal_allowance", '"portal_auditentry"']


@pytest.mark.asvs("16.3.2")
def test_hammering_does_not_fill_the_log_nor_change_the_answer(
    sam: User, ben: User, harbor: Group, signed_in: Browser
) -> None:
    browser = signed_in(sam)
    answers = {browser.get(f"/groups/{harbor.public_id}/chat/").status_code for _ in range(4 * denied.BURST)}
    assert answers == {404}
    assert denied.BURST <= len(written()) <= denied.BURST + 1  # one comes free each half minute

    signed_in(ben).get("/people/")
    assert [entry.actor for entry in written()][-1] == ben  # others have a share of their own


def test_admins_read_it_in_words(eve: User, sam: User, harbor: Group, signed_in: Browser) -> None:
    signed_in(sam).get(f"/groups/{harbor.public_id}/chat/")
    _, [row] = trail.audit_page(person=sam, verb=denied.VERB, group_id="", page=None)
    assert (row.deed, row.actor, row.facts) == ("Was not let in", sam, "outcome: not found")
    assert row.target.startswith("Page: ")
    assert not set(row.target) & set("_/0123456789")
    page = signed_in(eve).get(f"/audit/?verb={denied.VERB}").content.decode()
    assert "Was not let in" in page
    assert row.target in page
