"""A mute: by facilitators, for a time, with a reason, and it ends by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chat import actions as chat
from chat.models import Room
from groups.access import Can, actor_in
from groups.membership import deeds as stays
from groups.moderation import actions, deeds
from groups.moderation.models import Sanction
from groups.moderation.queries import my_mute
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound, Refusal
from tests import cast
from tests.cast import NOW

HOUR = timedelta(hours=1)


def quiet(by, group, person, *, minutes=60, reason="Too heated.", at=NOW):
    """`by` mutes the person."""
    stay = group.memberships.get(user=person)
    return actions.mute(by, group.public_id, stay.public_id, minutes=minutes, reason=reason, at=at)


def may_write(group, person, at):
    return actor_in(group, person, at=at).can(Can.WRITE)


def test_a_muted_member_reads_but_does_not_write_until_it_is_over(harbor, amina, ben):
    sanction = quiet(amina, harbor, ben)

    assert (sanction.starts_at, sanction.ends_at, sanction.by, sanction.reason) == (
        NOW,
        NOW + HOUR,
        amina,
        "Too heated.",
    )
    with pytest.raises(Refusal):
        chat.send(ben, harbor.room.public_id, key=uuid4(), body="But", at=NOW + HOUR / 2)
    assert actor_in(harbor, ben, at=NOW).can(Can.READ)
    chat.send(ben, harbor.room.public_id, key=uuid4(), body="I am back", at=NOW + HOUR)


def test_the_muted_person_can_see_until_when_and_why(harbor, amina, ben, carla):
    quiet(amina, harbor, ben)

    assert (my_mute(ben, harbor, NOW).ends_at, my_mute(ben, harbor, NOW).reason) == (NOW + HOUR, "Too heated.")
    assert my_mute(ben, harbor, NOW + HOUR) is None
    assert my_mute(carla, harbor, NOW) is None


def test_a_mute_is_written_down(harbor, amina, ben):
    quiet(amina, harbor, ben)

    entry = AuditEntry.objects.get(verb="member.muted")
    stay = harbor.memberships.get(user=ben)
    assert (entry.actor, entry.target_id, entry.group_id) == (amina, str(stay.public_id), harbor.public_id)
    assert (entry.reason, entry.facts) == ("Too heated.", {"minutes": 60})


def test_the_room_learns_of_a_mute_and_of_its_end(harbor, amina, ben):
    versions = [Room.objects.get(group=harbor).membership_version]
    quiet(amina, harbor, ben)
    versions.append(Room.objects.get(group=harbor).membership_version)
    actions.unmute(amina, harbor.public_id, harbor.memberships.get(user=ben).public_id, at=NOW)
    versions.append(Room.objects.get(group=harbor).membership_version)

    assert versions == [versions[0], versions[0] + 1, versions[0] + 2]


def test_a_mute_can_be_ended_early(harbor, amina, ben):
    sanction = quiet(amina, harbor, ben)
    actions.unmute(amina, harbor.public_id, harbor.memberships.get(user=ben).public_id, at=NOW + HOUR / 2)

    sanction.refresh_from_db()
    assert (sanction.lifted_at, sanction.lifted_by) == (NOW + HOUR / 2, amina)
    assert may_write(harbor, ben, NOW + HOUR / 2)
    assert AuditEntry.objects.get(verb="member.unmuted").actor == amina


def test_ending_a_mute_that_is_not_there_changes_nothing(harbor, amina, ben):
    actions.unmute(amina, harbor.public_id, harbor.memberships.get(user=ben).public_id, at=NOW)

    assert AuditEntry.objects.count() == 0


def test_a_new_mute_takes_the_place_of_the_one_before(harbor, amina, ben):
    quiet(amina, harbor, ben, minutes=7 * 24 * 60)
    quiet(amina, harbor, ben, minutes=60, reason="One hour is enough.", at=NOW + timedelta(minutes=5))

    assert my_mute(ben, harbor, NOW + timedelta(minutes=6)).reason == "One hour is enough."
    assert may_write(harbor, ben, NOW + timedelta(minutes=65))
    assert Sanction.objects.count() == 2


def test_a_mute_is_for_one_group_only(harbor, amina, ben):
    other = cast.group("Second Wind")
    cast.stay(other, ben)
    quiet(amina, harbor, ben)

    assert may_write(other, ben, NOW)


def test_facilitators_are_not_muted_by_facilitators(harbor, amina):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")
    for person in (frank, amina):
        with pytest.raises(stays.FacilitatorStays) as refusal:
            quiet(amina, harbor, person)
        assert refusal.value.message == "This person is a facilitator. Only an admin can change that."
    assert Sanction.objects.count() == 0


@pytest.mark.parametrize("state", ["asked", "paused", "left", "removed"])
def test_only_who_is_in_can_be_muted(state, harbor, amina, sam):
    cast.stay(harbor, sam, state=state)

    with pytest.raises(stays.NotInGroup):
        quiet(amina, harbor, sam)


def test_a_mute_needs_a_reason_and_a_sensible_length(harbor, amina, ben):
    with pytest.raises(stays.NeedsReason):
        quiet(amina, harbor, ben, reason="  ")
    for minutes in (0, -5, 30 * 24 * 60 + 1):
        with pytest.raises(deeds.MuteTooLong):
            quiet(amina, harbor, ben, minutes=minutes)
    assert Sanction.objects.count() == 0


def test_others_do_not_mute(harbor, amina, ben, carla, dora, eve, sam):
    stay = harbor.memberships.get(user=ben)
    for who, refusal in ((carla, NotAllowed), (ben, NotAllowed), (eve, NotAllowed), (dora, NotFound), (sam, NotFound)):
        with pytest.raises(refusal):
            quiet(who, harbor, ben)
        with pytest.raises(refusal):
            actions.unmute(who, harbor.public_id, stay.public_id, at=NOW)
    assert Sanction.objects.count() == 0


def test_a_stay_of_another_group_is_not_reached(harbor, amina, dora):
    theirs = dora.memberships.get()
    with pytest.raises(NotFound):
        actions.mute(amina, harbor.public_id, theirs.public_id, minutes=60, reason="Rest", at=NOW)
