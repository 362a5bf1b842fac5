"""An admin opens a group: for a stated reason and a short time, and everybody who should know is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import actions as chat
from groups.access import Can, group_for
from groups.openings import actions
from groups.openings.models import Opening
from groups.rights import rights
from groups.schedule.models import Session
from portal.accounts.models import Role
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound
from portal.notifications.models import Notice
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=14)
OVER = NOW + timedelta(minutes=15)
WHY = "A serious report about this group."


def opened(eve, harbor) -> Opening:
    return actions.open_group(eve, harbor.public_id, reason=WHY, minutes=15, at=NOW)


def test_an_opening_lets_an_admin_read_and_nothing_more(eve, harbor):
    before = group_for(eve, harbor.public_id, need=Can.SEE_CARD, at=NOW).capabilities
    with pytest.raises(NotAllowed):
        group_for(eve, harbor.public_id, at=NOW)

    opened(eve, harbor)

    actor = group_for(eve, harbor.public_id, at=LATER)
    assert set(actor.capabilities) - set(before) == {Can.READ}


def test_it_ends_by_itself(eve, harbor):
    opened(eve, harbor)
    with pytest.raises(NotAllowed):
        group_for(eve, harbor.public_id, at=OVER)
    assert not rights([(eve.pk, harbor.pk)], at=OVER)[eve.pk, harbor.pk].can(Can.READ)


def test_the_admin_can_end_it_before(eve, harbor):
    opened(eve, harbor)
    assert actions.close_group(eve, harbor.public_id, at=LATER) == 1
    with pytest.raises(NotAllowed):
        group_for(eve, harbor.public_id, at=LATER)
    assert actions.close_group(eve, harbor.public_id, at=LATER) == 0


def test_many_rights_at_once_say_the_same_and_until_when(eve, amina, ben, harbor):
    opened(eve, harbor)
    found = rights([(person.pk, harbor.pk) for person in (eve, amina, ben)], at=LATER)
    for person in (eve, amina, ben):
        actor = group_for(person, harbor.public_id, at=LATER)
        assert found[person.pk, harbor.pk].roles == actor.roles
    assert [found[person.pk, harbor.pk].reads_until for person in (eve, amina, ben)] == [OVER, None, None]


def test_an_opening_counts_for_one_group_and_one_admin(eve, harbor):
    other_group, other_admin = cast.group("Morning Light"), cast.person("Ada", role=Role.ADMIN)
    opened(eve, harbor)
    for admin, group in ((eve, other_group), (other_admin, harbor)):
        with pytest.raises(NotAllowed):
            group_for(admin, group.public_id, at=LATER)


def test_who_is_no_admin_any_more_reads_nothing(eve, harbor):
    opened(eve, harbor)
    eve.role = Role.FACILITATOR
    eve.save()
    with pytest.raises(NotAllowed if harbor.memberships.filter(user=eve).exists() else NotFound):
        group_for(eve, harbor.public_id, at=LATER)
    assert not rights([(eve.pk, harbor.pk)], at=LATER)[eve.pk, harbor.pk].can(Can.READ)


def test_the_facilitators_and_the_other_admins_are_told_in_neutral_words(eve, amina, ben, harbor):
    ada = cast.person("Ada", role=Role.ADMIN)
    opened(eve, harbor)
    told = Notice.objects.filter(kind="group.opened")
    assert {notice.person for notice in told} == {ada, amina}


def test_it_stands_in_the_audit_log(eve, harbor):
    opened(eve, harbor)
    actions.close_group(eve, harbor.public_id, at=LATER)
    entries = AuditEntry.objects.filter(group_id=harbor.public_id).order_by("pk")
    assert [(entry.verb, entry.actor, entry.reason, entry.facts) for entry in entries] == [
        ("group.opened", eve, WHY, {"minutes": 15}),
        ("group.closed_again", eve, "", {}),
    ]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"reason": "   "}, actions.ReasonNeeded),
        ({"minutes": 100_000}, actions.NotThatLong),
        ({"minutes": 0}, actions.NotThatLong),
    ],
)
def test_without_a_reason_or_for_ever_it_stays_closed(eve, harbor, values, refusal):
    with pytest.raises(refusal):
        actions.open_group(eve, harbor.public_id, **{"reason": WHY, "minutes": 15, "at": NOW} | values)
    assert not Opening.objects.exists()


def test_an_open_group_is_not_opened_again(eve, harbor):
    opened(eve, harbor)
    with pytest.raises(actions.OpenAlready):
        opened(eve, harbor)


def test_a_facilitator_opens_nothing(amina, dora, ben, sam, harbor):
    for person, refusal in ((amina, NotAllowed), (ben, NotAllowed), (dora, NotFound), (sam, NotFound)):
        if refusal is NotFound:
            harbor.join_rule = "invited"
            harbor.save()
        with pytest.raises(refusal):
            actions.open_group(person, harbor.public_id, reason=WHY, minutes=15, at=NOW)


def test_the_pages_of_an_open_group(eve, ben, harbor, signed_in):
    now = timezone.now()
    session = Session.objects.create(
        group=harbor,
        starts_at=now + timedelta(hours=5),
        ends_at=now + timedelta(hours=6),
        title="Circle",
        place="Room 2",
    )
    chat.send(ben, harbor.room.public_id, key=uuid4(), body="Words of Ben", at=now - timedelta(minutes=1))
    browser = signed_in(eve)
    room, meeting = f"/groups/{harbor.public_id}/chat/", reverse("schedule:session", args=[session.public_id])
    assert [browser.get(path).status_code for path in (room, meeting)] == [403, 403]

    actions.open_group(eve, harbor.public_id, reason=WHY, minutes=15, at=timezone.now())

    page = browser.get(room)
    assert b"Words of Ben" in page.content
    assert b'name="body"' not in page.content
    assert b"Room 2" in browser.get(meeting).content


def test_an_admin_opens_a_group_on_its_page_after_showing_that_it_is_them(eve, harbor, signed_in):
    browser = signed_in(eve)
    path = f"/groups/{harbor.public_id}/opening/"
    assert browser.get(path).status_code == 200
    answer = browser.post(path, {"reason": WHY, "minutes": "60"})
    if answer["Location"] != f"/groups/{harbor.public_id}/":
        assert answer["Location"] == "/me/confirm/"
        browser.post("/me/confirm/", {"way": "password", "password": cast.PASSWORD})
        answer = browser.post(path, {"reason": WHY, "minutes": "60"})
    assert answer["Location"] == f"/groups/{harbor.public_id}/"
    assert b"This group is open to you" in browser.get(path).content

    browser.post(f"{path}end/")
    assert b"Open the group" in browser.get(path).content


def test_the_facilitators_see_who_reads_and_why_and_members_do_not(eve, amina, ben, harbor, signed_in):
    actions.open_group(eve, harbor.public_id, reason=WHY, minutes=15, at=timezone.now())
    path = f"/groups/{harbor.public_id}/people/"
    assert WHY.encode() in signed_in(amina).get(path).content
    assert WHY.encode() not in signed_in(ben).get(path).content


def test_looks_at_names_by_staff_are_written_down_once_an_hour(eve, amina, ben, harbor, signed_in):
    people = f"/groups/{harbor.public_id}/people/"
    for person in (eve, eve, amina, ben):
        assert signed_in(person).get(people).status_code == 200
    account = f"/people/{ben.public_id}/"
    for _ in range(2):
        assert signed_in(eve).get(account).status_code == 200

    looks = AuditEntry.objects.filter(verb__in=["group.people_seen", "person.seen"]).order_by("pk")
    assert [(look.verb, look.actor) for look in looks] == [
        ("group.people_seen", eve),
        ("group.people_seen", amina),
        ("person.seen", eve),
    ]
