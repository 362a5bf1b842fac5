"""What is older than the group keeps is gone: from every page at once, and from the tables soon after."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import changes, purging
from chat.models import Change, Message, Room
from chat.moderation import messages
from chat.queries import groups_with_unread
from groups.membership.models import Group, History
from groups.moderation import actions as moderation
from groups.moderation.models import Outcome, Report, Why
from portal.audit import AuditEntry
from tests.cast import NOW
from tests.chat.talking import Page

LATER = NOW + timedelta(days=366)


@pytest.fixture(autouse=True)
def everything(harbor) -> None:
    Group.objects.filter(pk=harbor.pk).update(history=History.ALL)


def left() -> list[str]:
    return list(Message.objects.order_by("seq").values_list("body", flat=True))


def test_messages_and_their_steps_go_after_the_groups_time(room, ben, carla, say):
    old = say(ben, "Old")
    say(carla, "Answer", at=LATER - timedelta(days=2), reply_to=old.public_id)
    say(ben, "Young", at=LATER)
    assert purging.purge(room.pk, at=LATER - timedelta(days=2)) == 0
    assert purging.purge(room.pk, at=LATER) == 1
    assert left() == ["Answer", "Young"]
    page = changes.since(room.pk, 0, limit=10)
    assert [step.seq for step in page.steps] == [2, 3]
    assert (page.steps[0].said.reply, page.head) == (None, 3)
    assert AuditEntry.objects.get(verb="room.purged").facts == {"messages": 1}
    assert purging.purge(room.pk, at=LATER) == 0


def test_it_goes_in_batches_and_each_room_by_its_own_groups_time(room, harbor, ben, say):
    for number in range(7):
        say(ben, f"Old {number}", at=NOW + timedelta(minutes=number))
    Group.objects.filter(pk=harbor.pk).update(keep_months=36)
    assert purging.purge(room.pk, at=LATER, batch=2) == 0
    Group.objects.filter(pk=harbor.pk).update(keep_months=3)
    assert purging.purge(room.pk, at=LATER, batch=2) == 7
    assert (left(), Change.objects.count(), Room.objects.get().head_seq) == ([], 0, 7)


def test_a_late_step_about_an_old_message_tells_of_nobody(room, ben, amina, say):
    old = say(ben, "Old")
    messages.hide(old.public_id, by=amina, at=LATER)
    purging.purge(room.pk, at=LATER)
    step = changes.since(room.pk, 0, limit=10).steps[0]
    assert (step.seq, step.said) == (2, None)


def test_nobody_reads_it_even_before_it_is_deleted(harbor, room, ben, amina, say, signed_in):
    say(ben, "Long ago", at=timezone.now() - timedelta(days=366))
    for person in (ben, amina):
        page = signed_in(person).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
        assert "Long ago" not in page
    assert "Everyone in this group can read it, for 12 months." in page
    assert [row.unread for row in groups_with_unread(amina, now=timezone.now())] == [0]


def test_what_a_report_is_about_stays_until_some_time_after_the_decision(room, ben, carla, amina, say, signed_in):
    said = say(ben, "Hurtful")
    report = moderation.report(carla, "message", said.public_id, why=Why.HURTFUL, words="", at=NOW)
    assert purging.purge(room.pk, at=LATER) == 0
    assert left() == ["Hurtful"]
    moderation.decide(amina, report.public_id, outcome=Outcome.TALKED, note="We spoke.", at=LATER)
    assert purging.purge(room.pk, at=LATER + timedelta(days=89)) == 0
    assert purging.purge(room.pk, at=LATER + timedelta(days=91)) == 1
    assert (left(), Report.objects.count()) == ([], 1)
    case = signed_in(amina).get(reverse("moderation:case", args=[report.public_id])).content.decode()
    assert "It was by Ben. It is no longer kept" in case
    assert ("We spoke." in case, "Hurtful" in case) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_asks_for_what_is_gone_is_told_to_load_again(serving, room, ben, carla, say):
    for number in range(4):
        say(carla, f"Line {number}", at=timezone.now() - timedelta(days=(400, 390, 380, 1)[number]))
    purging.purge(room.pk, at=timezone.now())
    with Page(serving("daphne"), ben) as page:
        page.put("hello", epoch=None, rooms={str(room.public_id): 1})
        assert page.until("reset")["room"] == str(room.public_id)
        page.put("hello", epoch=None, rooms={str(room.public_id): 3})
        assert page.until("change")["seq"] == 4
        page.until("live")
