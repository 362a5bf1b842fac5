"""Leaving, removal, bans, adding people and roles, from everybody's side."""

import pytest

from chat.models import Change, ChangeKind
from groups.membership.actions import add_person, ask_to_join, ban_member, change_role, leave, remove_member
from groups.membership.actions.asking import AskTheClinic
from groups.membership.actions.staying import AlreadyIn, GroupArchived, LastFacilitator
from groups.membership.deeds import (
    AccountNotReady,
    FacilitatorStays,
    GroupFull,
    LeaveInstead,
    NeedsReason,
    NotAFacilitator,
    NotInGroup,
    NotInYet,
)
from groups.membership.models import GroupRole, MembershipChange, State, Status
from portal.accounts.models import Role
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import NOW


def room_heard(group):
    return list(Change.objects.filter(room=group.room).order_by("seq").values_list("kind", "actor"))


def remove(by, stay, *, reason="Broke the agreement twice."):
    return remove_member(by, stay.group.public_id, stay.public_id, reason=reason, at=NOW)


def ban(by, stay, *, reason="Offered drugs."):
    return ban_member(by, stay.group.public_id, stay.public_id, reason=reason, at=NOW)


def give_role(by, stay, role, *, reason="Eli is away."):
    return change_role(by, stay.group.public_id, stay.public_id, role=role, reason=reason, at=NOW)


# Leaving


def test_a_member_leaves(ben, harbor, newest_entry):
    stay = leave(ben, harbor.public_id, at=NOW)

    assert (stay.state, stay.ended_at) == (State.LEFT, NOW)
    assert MembershipChange.objects.filter(membership=stay).latest("pk").by == ben
    assert (newest_entry().verb, newest_entry().actor) == ("membership.left", ben)
    assert room_heard(harbor) == [(ChangeKind.LEFT, ben.pk)]


def test_leaving_twice_finds_nothing_to_leave(ben, harbor):
    leave(ben, harbor.public_id, at=NOW)
    with pytest.raises(NotFound):
        leave(ben, harbor.public_id, at=NOW)


def test_a_request_is_taken_back(asking, harbor, newest_entry):
    stay = leave(asking, harbor.public_id, at=NOW)
    assert (stay.state, stay.joined_at) == (State.LEFT, None)
    assert newest_entry().verb == "membership.taken_back"
    assert room_heard(harbor) == []


def test_the_only_facilitator_stays(amina, harbor):
    with pytest.raises(LastFacilitator):
        leave(amina, harbor.public_id, at=NOW)


def test_with_another_facilitator_one_may_go(amina, eli, harbor):
    assert leave(amina, harbor.public_id, at=NOW).state == State.LEFT


def test_another_facilitator_whose_account_is_closed_does_not_count(amina, eli, harbor):
    eli.standing = cast.Standing.DEACTIVATED
    eli.save()
    with pytest.raises(LastFacilitator):
        leave(amina, harbor.public_id, at=NOW)


def test_an_archived_group_holds_nobody_back(amina, harbor):
    harbor.status = Status.ARCHIVED
    harbor.save()
    assert leave(amina, harbor.public_id, at=NOW).state == State.LEFT


def test_strangers_and_admins_have_nothing_to_leave(sam, eve, harbor):
    with pytest.raises(NotFound):
        leave(sam, harbor.public_id, at=NOW)
    with pytest.raises(NotAllowed):
        leave(eve, harbor.public_id, at=NOW)


# Removal and bans


@pytest.mark.parametrize(("end", "state"), [(remove, State.REMOVED), (ban, State.BANNED)])
def test_a_facilitator_ends_a_stay(amina, ben, harbor, stay_of, newest_entry, told, end, state):
    stay = end(amina, stay_of(harbor, ben))

    assert (stay.state, stay.ended_at) == (state, NOW)
    step = MembershipChange.objects.filter(membership=stay).latest("pk")
    entry = newest_entry()
    assert (entry.verb, entry.actor, entry.reason) == (f"membership.{state}", amina, step.reason)
    assert step.reason
    assert told(ben) == ["membership.changed"]
    assert room_heard(harbor) == [(ChangeKind.LEFT, ben.pk)]


def test_ending_a_stay_twice_is_harmless(amina, ben, harbor, stay_of, told):
    remove(amina, stay_of(harbor, ben))
    remove(amina, stay_of(harbor, ben))
    assert told(ben) == ["membership.changed"]


def test_who_left_is_not_removed(amina, ben, harbor, stay_of):
    leave(ben, harbor.public_id, at=NOW)
    with pytest.raises(NotInGroup):
        remove(amina, stay_of(harbor, ben))


def test_a_removed_person_may_ask_again_and_a_banned_one_not(amina, ben, carla, harbor, stay_of):
    remove(amina, stay_of(harbor, ben))
    ban(amina, stay_of(harbor, carla))

    assert ask_to_join(ben, harbor.public_id, words="", accepted=1, at=NOW).state == State.ASKED
    with pytest.raises(AskTheClinic):
        ask_to_join(carla, harbor.public_id, words="", accepted=1, at=NOW)


def test_somebody_who_asks_is_declined_or_banned_but_not_removed(amina, asked):
    with pytest.raises(NotInYet):
        remove(amina, asked)
    assert ban(amina, asked).state == State.BANNED


@pytest.mark.parametrize("end", [remove, ban])
def test_ending_a_stay_needs_a_reason(amina, ben, harbor, stay_of, end):
    with pytest.raises(NeedsReason):
        end(amina, stay_of(harbor, ben), reason=" ")


@pytest.mark.parametrize("end", [remove, ban])
def test_a_facilitator_is_removed_by_an_admin_only(amina, eli, eve, harbor, stay_of, end):
    with pytest.raises(FacilitatorStays):
        end(amina, stay_of(harbor, eli))
    assert end(eve, stay_of(harbor, eli)).ended_at == NOW


def test_nobody_removes_themselves(amina, harbor, stay_of):
    with pytest.raises(LeaveInstead):
        remove(amina, stay_of(harbor, amina))


@pytest.mark.parametrize("end", [remove, ban])
def test_others_may_not_end_a_stay(ben, carla, sam, dora, asking, waiting, harbor, stay_of, end):
    with pytest.raises(NotAllowed):
        end(ben, stay_of(harbor, carla))
    for stranger in (sam, dora, asking, waiting):
        with pytest.raises(NotFound):
            end(stranger, stay_of(harbor, carla))
    assert stay_of(harbor, carla).state == State.ACTIVE


# Adding


def test_an_admin_adds_a_person(eve, sam, harbor, newest_entry, told):
    stay = add_person(eve, harbor.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)

    assert (stay.state, stay.role, stay.joined_at) == (State.ACTIVE, GroupRole.MEMBER, NOW)
    assert MembershipChange.objects.get(membership=stay).by == eve
    entry = newest_entry()
    assert (entry.verb, entry.actor) == ("membership.added", eve)
    assert entry.facts == {"person": str(sam.public_id), "role": "member"}
    assert told(sam) == ["membership.changed"]
    assert room_heard(harbor) == [(ChangeKind.JOINED, sam.pk)]


def test_adding_a_facilitator_needs_no_place(eve, dora, harbor, fill):
    fill(harbor)
    stay = add_person(eve, harbor.public_id, dora.public_id, role=GroupRole.FACILITATOR, at=NOW)
    assert stay.role == GroupRole.FACILITATOR


def test_adding_a_member_needs_a_place(eve, sam, harbor, fill):
    fill(harbor)
    with pytest.raises(GroupFull):
        add_person(eve, harbor.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)


@pytest.mark.parametrize("state", [State.ASKED, State.WAITLISTED, State.OFFERED, State.PAUSED])
def test_adding_somebody_who_waits_goes_on_with_the_same_stay(eve, sam, harbor, state):
    before = cast.stay(harbor, sam, state=state)
    stay = add_person(eve, harbor.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)
    assert (stay.pk, stay.state) == (before.pk, State.ACTIVE)


@pytest.mark.parametrize("state", [State.BANNED, State.REMOVED, State.LEFT, State.DECLINED])
def test_an_admin_may_let_anybody_back_in(eve, sam, harbor, state):
    before = cast.stay(harbor, sam, state=state)
    stay = add_person(eve, harbor.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)
    assert stay.pk != before.pk


def test_adding_twice_is_harmless_but_does_not_change_the_role(eve, ben, harbor, stay_of):
    stay = add_person(eve, harbor.public_id, ben.public_id, role=GroupRole.MEMBER, at=NOW)
    assert stay == stay_of(harbor, ben)
    ben.role = Role.FACILITATOR
    ben.save()
    with pytest.raises(AlreadyIn):
        add_person(eve, harbor.public_id, ben.public_id, role=GroupRole.FACILITATOR, at=NOW)


def test_a_patient_does_not_run_a_group(eve, sam, harbor):
    with pytest.raises(NotAFacilitator):
        add_person(eve, harbor.public_id, sam.public_id, role=GroupRole.FACILITATOR, at=NOW)


def test_an_account_that_waits_is_not_added(eve, waiting, harbor):
    with pytest.raises(AccountNotReady):
        add_person(eve, harbor.public_id, waiting.public_id, role=GroupRole.MEMBER, at=NOW)


def test_an_archived_group_takes_nobody(eve, sam):
    group = cast.group("Old", status=Status.ARCHIVED)
    with pytest.raises(GroupArchived):
        add_person(eve, group.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)


def test_adding_nobody_finds_nobody(eve, harbor):
    with pytest.raises(NotFound):
        add_person(eve, harbor.public_id, cast.nobody(), role=GroupRole.MEMBER, at=NOW)


def test_others_may_not_add(amina, ben, sam, dora, waiting, harbor):
    for person in (amina, ben):
        with pytest.raises(NotAllowed):
            add_person(person, harbor.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)
    for stranger in (sam, dora, waiting):
        with pytest.raises(NotFound):
            add_person(stranger, harbor.public_id, sam.public_id, role=GroupRole.MEMBER, at=NOW)


# Roles


def test_an_admin_makes_a_facilitator(eve, ben, harbor, stay_of, newest_entry, told):
    ben.role = Role.FACILITATOR
    ben.save()
    version = harbor.room.membership_version
    stay = give_role(eve, stay_of(harbor, ben), GroupRole.FACILITATOR)

    assert stay_of(harbor, ben).role == GroupRole.FACILITATOR
    step = MembershipChange.objects.filter(membership=stay).latest("pk")
    assert (step.role, step.by, step.reason) == (GroupRole.FACILITATOR, eve, "Eli is away.")
    entry = newest_entry()
    assert (entry.verb, entry.reason, entry.facts["role"]) == (
        "membership.role_changed",
        "Eli is away.",
        "facilitator",
    )
    assert told(ben) == ["membership.changed"]
    harbor.room.refresh_from_db()
    assert harbor.room.membership_version == version + 1


def test_a_patient_is_not_made_a_facilitator(eve, ben, harbor, stay_of):
    with pytest.raises(NotAFacilitator):
        give_role(eve, stay_of(harbor, ben), GroupRole.FACILITATOR)


def test_a_facilitator_who_becomes_a_member_needs_a_place(eve, eli, harbor, stay_of, fill):
    fill(harbor)
    with pytest.raises(GroupFull):
        give_role(eve, stay_of(harbor, eli), GroupRole.MEMBER)


def test_an_admin_may_make_the_last_facilitator_a_member(eve, amina, harbor, stay_of):
    assert give_role(eve, stay_of(harbor, amina), GroupRole.MEMBER).role == GroupRole.MEMBER


def test_the_same_role_again_changes_nothing(eve, ben, harbor, stay_of, told):
    give_role(eve, stay_of(harbor, ben), GroupRole.MEMBER)
    assert told(ben) == []


def test_a_role_needs_a_reason_and_somebody_who_is_in(eve, ben, harbor, stay_of, asked):
    with pytest.raises(NeedsReason):
        give_role(eve, stay_of(harbor, ben), GroupRole.MEMBER, reason="")
    with pytest.raises(NotInGroup):
        give_role(eve, asked, GroupRole.MEMBER)


def test_others_may_not_change_roles(amina, eli, ben, sam, dora, harbor, stay_of):
    for person in (amina, ben):
        with pytest.raises(NotAllowed):
            give_role(person, stay_of(harbor, eli), GroupRole.MEMBER)
    for stranger in (sam, dora):
        with pytest.raises(NotFound):
            give_role(stranger, stay_of(harbor, eli), GroupRole.MEMBER)
