"""What a door refuses on a socket is written down as a page that stays closed is: who, what, when, and no more."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import actions as chat
from chat import refused
from chat.refused import Note
from groups.membership.models import Group
from groups.moderation import actions as moderation
from portal.accounts import denied, trail
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests.cast import NOW, begin_session
from tests.chat.inside import InnerPage
from tests.portal.running import soon

OPS = ("send", "edit", "remove", "react", "since", "read", "unread")


def written() -> list[tuple[str | None, str, str, dict]]:
    entries = AuditEntry.objects.filter(verb=denied.VERB).order_by("pk").select_related("actor")
    return [(e.actor and e.actor.display_name, e.target_kind, e.target_id, e.facts) for e in entries]


def mute(amina: User, harbor: Group, who: User) -> None:
    stay = harbor.memberships.get(user=who).public_id
    moderation.mute(amina, harbor.public_id, stay, minutes=60, reason="A rest", at=timezone.now())


def try_everything(page: InnerPage, message: object) -> None:
    """Every operation on a room, with marked words where words go."""
    room, words = page.room, "marked-words"
    page.put("send", room=room, key=uuid4(), body=words)
    page.put("edit", room=room, message=message, key=uuid4(), body=words)
    page.put("remove", room=room, message=message, key=uuid4())
    page.put("react", room=room, message=message, key=uuid4(), kind="hope", on=True)
    page.put("since", room=room, seq=0)
    page.put("unread", room=room, seq=1)
    page.put("read", room=room, seq=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.asvs("16.3.2", "16.3.3", "16.2.5")
def test_a_stranger_who_tries_every_operation_is_written_down_without_room_or_words(
    processes, harbor: Group, ben: User, sam: User, monkeypatch
) -> None:
    monkeypatch.setattr(denied, "BURST", 20)
    room = harbor.room.public_id
    message = chat.send(ben, room, key=uuid4(), body="Words", at=NOW).public_id
    page = InnerPage(processes[0], begin_session(sam), room)
    try_everything(page, message)
    assert soon(lambda: len(written()) == len(OPS) + 1, 5), written()
    assert sorted(written(), key=lambda one: one[2]) == [
        ("Sam", "operation", op, {"outcome": "not found"}) for op in sorted(("hello", *OPS))
    ]
    for entry in AuditEntry.objects.filter(verb=denied.VERB).values():
        kept = json.dumps(entry, default=str)
        assert "marked" not in kept
        assert str(room) not in kept
        assert str(message) not in kept
    page.cut()


@pytest.mark.django_db(transaction=True)
def test_who_is_muted_is_written_down_and_a_good_send_is_not(
    processes, harbor: Group, amina: User, ben: User, carla: User
) -> None:
    room = harbor.room.public_id
    mute(amina, harbor, ben)
    muted, free = (InnerPage(processes[0], begin_session(who), room) for who in (ben, carla))
    key, other = uuid4(), uuid4()
    muted.put("send", room=room, key=key, body="After")
    free.put("send", room=room, key=other, body="Good")
    assert (muted.answer(key)["code"], free.answer(other)["op"]) == ("muted", "ok")
    assert soon(written, 5)
    assert written() == [("Ben", "operation", "send", {"outcome": "not allowed"})]
    muted.cut()
    free.cut()


def test_hammering_takes_the_same_few_places_as_pages_do(harbor: Group, ben: User, sam: User) -> None:
    notes = [Note(sam.pk, op, 404) for op in OPS for _ in range(3)]
    refused.note_all([*notes, Note(ben.pk, "send", 403)])
    by = [one[0] for one in written()]
    assert by.count("Sam") == denied.BURST
    assert by.count("Ben") == 1  # a share of their own


def test_a_limit_or_a_fault_is_no_closed_door(harbor: Group, sam: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        refused.note_all([Note(sam.pk, "send", status) for status in (409, 422, 429, 503)])
    assert written() == []
    assert len(asked) == 1


def test_the_form_of_who_is_muted_is_written_down_too(harbor: Group, amina: User, ben: User, signed_in) -> None:
    mute(amina, harbor, ben)
    form = {"body": "marked-words", "key": str(uuid4())}
    assert signed_in(ben).post(f"/chat/{harbor.room.public_id}/messages/", form).status_code == 403
    assert written() == [("Ben", "page", "chat:send", {"outcome": "not allowed"})]


def test_admins_read_which_operation_it_was(harbor: Group, sam: User) -> None:
    refused.note_all([Note(sam.pk, "send", 404)])
    _, [row] = trail.audit_page(person=sam, verb=denied.VERB, group_id="", page=None)
    assert (row.deed, row.target, row.facts) == ("Was not let in", "Operation: send", "outcome: not found")
