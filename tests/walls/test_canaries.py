"""Marked words in everything people type never come to stand where they do not belong, and forge no line of a log."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from django.conf import settings
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.logs import OneLine
from portal.notifications.actions import deliver
from portal.notifications.models import Notice
from tests import cast
from tests.chat.talking import Page

BIRD = "canary"
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def heard_by_valkey() -> Iterator[list[str]]:
    """Every command that reaches Valkey meanwhile."""
    heard: list[str] = []
    client = redis.Redis.from_url(settings.VALKEY_URL)
    with client.monitor() as monitor:

        def listen() -> None:
            for command in monitor.listen():
                heard.append(str(command))
                if "the-end" in heard[-1]:
                    return

        listener = threading.Thread(target=listen)
        listener.start()
        yield heard
        redis.Redis.from_url(settings.VALKEY_URL).echo("the-end")
        listener.join(10)
    client.close()


@pytest.mark.asvs("1.3.9", "14.2.4", "16.2.5")
def test_no_secret_or_word_of_people_passes_through_valkey_or_a_log(live_portal, harbor):
    """A sign-in, a message, an edit, a question for an account and a request: as a browser would send them."""
    who = cast.person(f"{BIRD} name")
    cast.stay(harbor, who)
    room = harbor.room.public_id
    with heard_by_valkey() as heard:
        visitor = live_portal.sign_in(cast.person("Visitor"))
        live_portal.post(
            visitor, "/account/login/", {"login": f"{BIRD}@example.org", "password": f"{BIRD}-password"}, seen="/me/"
        )
        assert live_portal.get(visitor, f"/invitations/{BIRD}-token/").status == 404
        assert live_portal.get(visitor, f"/{BIRD}/?{BIRD}={BIRD}").status == 404
        with Page(live_portal, who) as page:
            page.enter(room)
            page.say(room, f"{BIRD} message")
            message = page.until("ok")["message"]
            page.put("edit", room=room, message=message, key="5ee8f1a8-7c55-4d9a-9a9e-0e8d6a1f0009", body=f"{BIRD} two")
            page.until("ok")
        session = live_portal.sign_in(who)
        live_portal.post(session, f"/groups/{harbor.public_id}/chat/send/", {"body": f"{BIRD} by form", "key": "x"})
        live_portal.post(session, "/me/", {"display_name": f"{BIRD} other", "time_zone": "America/Denver"})

    assert any("room." in command or "rooms" in command for command in heard)  # the ear was open
    assert [command for command in heard if BIRD in command] == []
    assert BIRD not in live_portal.said.read_text()
    assert session not in live_portal.said.read_text() + "".join(heard)


def test_no_mail_carries_a_marked_word(harbor, mailoutbox):
    who = cast.person(f"{BIRD} name")
    for kind in ("request.approved", "group.opened", "session.cancelled", "account.changed"):
        notice = Notice.objects.create(kind=kind, person=who, created_at=cast.NOW)
        deliver(notice.public_id, at=cast.NOW)
    assert len(mailoutbox) == 4
    for mail in mailoutbox:
        words = [mail.subject, mail.body, *(body for body, _ in mail.alternatives), str(mail.extra_headers)]
        assert BIRD not in " ".join(words).replace(who.email, "")
        assert harbor.name not in " ".join(words)


@pytest.mark.asvs("16.4.1")
def test_nobody_forges_a_line_of_the_log(live_portal):
    """Line ends and a terminal's own signs in an address come out as letters or not at all."""
    session = live_portal.sign_in(cast.person("Ben"))
    before = live_portal.said.read_text()
    forged = "2026-01-01%2000:00:00%20ERROR%20forged"
    for path in (f"/x%0d%0a{forged}", f"/x%0a{forged}", f"/x%1b[31m{forged}", f"/x%e2%80%a8{forged}", f"/?%0a{forged}"):
        live_portal.get(session, path)
    added = live_portal.said.read_text().removeprefix(before)
    assert "\x1b" not in added
    assert [line for line in added.splitlines() if re.match(r"2026-01-01 00:00:00 ERROR", line)] == []


def formatted(record_message: str, *, exc_info=None) -> str:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, record_message, (), exc_info)
    return OneLine().format(record)


@pytest.mark.asvs("16.4.1")
@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2J", "\x00", "\u2028", "\x85", "\u202e"])
def test_a_record_is_one_line_whatever_is_in_it(sign):
    line = formatted(f"before{sign}after")
    assert sign not in line
    assert len(line.splitlines()) == 1
    assert "before" in line
    assert line.endswith("after")


def test_a_fault_is_logged_without_the_values_in_its_words():
    """PostgreSQL repeats what somebody typed: the address that exists already, the text that is too long."""
    cast.person("Ben")
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        User.objects.create(email="ben@example.org", display_name="B", created_at=cast.NOW)
    assert "ben@example.org" in str(fault.value)
    line = formatted("Internal Server Error: /me/", exc_info=(fault.type, fault.value, fault.tb))
    assert "ben@" not in line
    assert "django.db.utils.IntegrityError at " in line
    assert "tests/walls/test_canaries.py:" in line
