"""The room behind the room: for those who facilitate the group, and for nobody else it exists."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import actions, marking
from chat.models import ReadMark, Room, RoomKind
from chat.queries import groups_with_unread
from groups.membership.actions import add_person, change_role
from groups.membership.models import GroupRole, Membership
from portal.accounts.models import Role
from portal.errors import NotFound
from tests import cast
from tests.cast import NOW
from tests.chat.talking import Page


@pytest.fixture
def back(harbor) -> Room:
    return Room.objects.create(group=harbor, kind=RoomKind.BACK, created_at=NOW)


@pytest.fixture
def theo(harbor):
    """Facilitates with Amina."""
    user = cast.person("Theo", role=Role.FACILITATOR)
    cast.stay(harbor, user, role=GroupRole.FACILITATOR)
    return user


def say(who, room, words="Among us", at=NOW):
    return actions.send(who, room.public_id, key=uuid4(), body=words, at=at)


def test_who_begins_to_facilitate_finds_one_with_nothing_new(harbor, amina, eve):
    theo = cast.person("Theo", role=Role.FACILITATOR)
    add_person(eve, harbor.public_id, theo.public_id, role=GroupRole.FACILITATOR, at=NOW)
    back = harbor.rooms.get(kind=RoomKind.BACK)
    assert ReadMark.objects.get(room=back).user == theo
    say(theo, back)
    stay = harbor.memberships.get(user=theo)
    change_role(eve, harbor.public_id, stay.public_id, role=GroupRole.MEMBER, reason="A pause.", at=NOW)
    change_role(eve, harbor.public_id, stay.public_id, role=GroupRole.FACILITATOR, reason="Back.", at=NOW)
    assert harbor.rooms.count() == 2


def test_for_everybody_else_it_does_not_exist(back, amina, ben, dora, eve, sam, signed_in):
    said = say(amina, back)
    addresses = [
        reverse("chat:back", args=[back.group.public_id]),
        *(reverse(f"chat:{name}", args=[back.public_id]) for name in ("send", "older", "find", "day", "rules")),
        reverse("chat:message", args=[back.public_id, said.public_id]),
        reverse("moderation:report", args=["message", said.public_id]),
    ]
    for person in (ben, dora, eve, sam):
        assert {signed_in(person).get(address).status_code for address in addresses} == {404}
        with pytest.raises(NotFound):
            say(person, back)
        with pytest.raises(NotFound):
            marking.mark_read(person, back.public_id, seq=1, at=NOW)
        assert Room.objects.get(pk=back.pk).head_seq == 1


def test_those_who_facilitate_talk_in_it(back, amina, theo, ben, signed_in):
    say(amina, back, at=timezone.now())
    page = signed_in(theo).get(reverse("chat:back", args=[back.group.public_id])).content.decode()
    assert "Among us" in page
    assert "Only those who facilitate this group can read it" in page
    rules = reverse("chat:rules", args=[back.public_id])  # nobody is in it who could be told to wait
    assert (rules in page, signed_in(theo).get(rules).status_code) == (False, 404)
    answer = signed_in(theo).post(reverse("chat:send", args=[back.public_id]), {"body": "I agree"})
    assert answer["Location"] == reverse("chat:back", args=[back.group.public_id]) + "#end"
    assert reverse("chat:back", args=[back.group.public_id]) not in (
        signed_in(ben).get(reverse("chat:room", args=[back.group.public_id])).content.decode()
    )


def test_what_is_new_there_is_counted_for_them_alone(back, harbor, amina, theo, ben):
    say(amina, back)
    assert [(row.name, row.unread) for row in groups_with_unread(theo, now=NOW)] == [
        ("Quiet Harbor: facilitators", 1),
        ("Quiet Harbor", 0),
    ]
    assert [(row.name, row.unread) for row in groups_with_unread(ben, now=NOW)] == [("Quiet Harbor", 0)]


@pytest.mark.django_db(transaction=True)
def test_losing_the_role_closes_it_at_once(serving, back, harbor, room, amina, theo, eve):
    with Page(serving("daphne"), theo) as page:
        welcome = page.enter(back.public_id)
        assert set(welcome["rooms"]) == {str(back.public_id), str(room.public_id)}
        page.put("since", room=room.public_id, seq=0)
        page.until("live", room=str(room.public_id))
        stay = Membership.objects.get(group=harbor, user=theo)
        change_role(eve, harbor.public_id, stay.public_id, role=GroupRole.MEMBER, reason="A pause.", at=timezone.now())
        assert page.until("closed", timeout=1) == {"op": "closed", "room": str(back.public_id), "code": "not_in_room"}
        say(amina, back, at=timezone.now())
        say(amina, room, "To all", at=timezone.now())
        while not any(frame["op"] == "reset" for frame in page.heard):  # a member sees less of the group's room, too
            page.get()
        page.enter(room.public_id)
        assert page.changes
        assert all(change["room"] == str(room.public_id) for change in page.changes)
        page.say(back.public_id, "Am I still here?")
        assert page.until("refused")["code"] == "not_found"
