"""Answering requests, from everybody's side."""

import pytest

from chat.models import Change, ChangeKind
from groups.membership.actions import approve, decline
from groups.membership.actions.asking import AlreadyAnswered, TakesNobody
from groups.membership.deeds import AccountNotReady, GroupFull, NeedsReason
from groups.membership.models import MembershipChange, State, Status
from groups.membership.queries import requests_for
from portal.accounts.models import Role, Standing
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import NOW


def test_a_facilitator_lets_somebody_in(amina, harbor, asked, newest_entry, told):
    version = harbor.room.membership_version
    approve(amina, harbor.public_id, asked.public_id, words="Good to have you.", at=NOW)

    asked.refresh_from_db()
    assert (asked.state, asked.joined_at) == (State.ACTIVE, NOW)
    step = MembershipChange.objects.filter(membership=asked).latest("pk")
    assert (step.state, step.by, step.reason) == (State.ACTIVE, amina, "Good to have you.")
    entry = newest_entry()
    assert (entry.verb, entry.actor, entry.target_id, entry.reason) == (
        "membership.approved",
        amina,
        str(asked.public_id),
        "",
    )
    assert told(asked.user) == ["request.approved"]
    harbor.room.refresh_from_db()
    assert harbor.room.membership_version == version + 1
    assert list(Change.objects.filter(room=harbor.room).values_list("kind", "actor")) == [
        (ChangeKind.JOINED, asked.user.pk)
    ]


def test_an_admin_lets_somebody_in(eve, harbor, asked):
    assert approve(eve, harbor.public_id, asked.public_id, at=NOW).state == State.ACTIVE


def test_approving_twice_is_harmless(amina, eve, harbor, asked, told):
    approve(amina, harbor.public_id, asked.public_id, at=NOW)
    approve(eve, harbor.public_id, asked.public_id, at=NOW)
    assert told(asked.user) == ["request.approved"]
    assert Change.objects.filter(room=harbor.room).count() == 1


def test_a_full_group_lets_nobody_in(amina, harbor, asked, fill):
    fill(harbor)
    with pytest.raises(GroupFull):
        approve(amina, harbor.public_id, asked.public_id, at=NOW)
    asked.refresh_from_db()
    assert asked.state == State.ASKED


def test_facilitators_hold_no_place(amina, eli, harbor):
    assert harbor.places_left() == harbor.capacity


def test_a_person_on_the_waiting_list_is_let_in(amina, harbor, sam):
    stay = cast.stay(harbor, sam, state=State.WAITLISTED)
    assert approve(amina, harbor.public_id, stay.public_id, at=NOW).state == State.ACTIVE


def test_an_offered_place_is_already_held(amina, harbor, sam, fill):
    stay = cast.stay(harbor, sam, state=State.OFFERED)
    fill(harbor)
    assert approve(amina, harbor.public_id, stay.public_id, at=NOW).state == State.ACTIVE


def test_an_account_that_is_closed_is_not_let_in(amina, harbor, asked):
    asked.user.standing = Standing.PAUSED
    asked.user.save()
    with pytest.raises(AccountNotReady):
        approve(amina, harbor.public_id, asked.public_id, at=NOW)


def test_an_archived_group_lets_nobody_in(eve, harbor, asked):
    harbor.status = Status.ARCHIVED
    harbor.save()
    with pytest.raises(TakesNobody):
        approve(eve, harbor.public_id, asked.public_id, at=NOW)


def test_a_facilitator_declines_with_words(amina, harbor, asked, newest_entry, told):
    decline(amina, harbor.public_id, asked.public_id, words="The evening group fits better.", at=NOW)

    asked.refresh_from_db()
    assert (asked.state, asked.ended_at, asked.joined_at) == (State.DECLINED, NOW, None)
    assert MembershipChange.objects.filter(membership=asked).latest("pk").reason == "The evening group fits better."
    entry = newest_entry()
    assert (entry.verb, entry.reason) == ("membership.declined", "")
    assert told(asked.user) == ["request.declined"]
    assert not Change.objects.filter(room=harbor.room).exists()


def test_declining_needs_words(amina, harbor, asked):
    with pytest.raises(NeedsReason):
        decline(amina, harbor.public_id, asked.public_id, words="  ", at=NOW)


def test_declining_twice_is_harmless(amina, harbor, asked, told):
    for _ in range(2):
        decline(amina, harbor.public_id, asked.public_id, words="Not now.", at=NOW)
    assert told(asked.user) == ["request.declined"]


def test_an_answer_stands(amina, harbor, asked):
    decline(amina, harbor.public_id, asked.public_id, words="Not now.", at=NOW)
    with pytest.raises(AlreadyAnswered):
        approve(amina, harbor.public_id, asked.public_id, at=NOW)


def test_a_member_is_not_declined(amina, harbor, ben, stay_of):
    with pytest.raises(AlreadyAnswered):
        decline(amina, harbor.public_id, stay_of(harbor, ben).public_id, words="Go.", at=NOW)


@pytest.mark.parametrize("answer", ["approve", "decline"])
def test_others_may_not_answer(ben, sam, dora, asking, waiting, harbor, asked, answer):
    def try_it(person):
        if answer == "approve":
            approve(person, harbor.public_id, asked.public_id, at=NOW)
        else:
            decline(person, harbor.public_id, asked.public_id, words="No.", at=NOW)

    with pytest.raises(NotAllowed):
        try_it(ben)
    for stranger in (sam, dora, asking, waiting):
        with pytest.raises(NotFound):
            try_it(stranger)
    asked.refresh_from_db()
    assert asked.state == State.ASKED


def test_a_request_of_another_group_is_not_found(dora, amina, asked):
    other = dora.memberships.get().group
    with pytest.raises(NotFound):
        approve(dora, other.public_id, asked.public_id, at=NOW)


def test_who_is_no_facilitator_by_account_answers_nothing(amina, harbor, asked):
    amina.role = Role.PATIENT
    amina.save()
    with pytest.raises(NotAllowed):
        approve(amina, harbor.public_id, asked.public_id, at=NOW)
    assert requests_for(amina) == []


def test_everybody_sees_the_requests_they_may_answer(amina, ben, dora, eve, sam, asked):
    elsewhere = cast.stay(dora.memberships.get().group, sam, state=State.ASKED)
    assert requests_for(amina) == [asked]
    assert requests_for(dora) == [elsewhere]
    assert requests_for(eve) == [asked, elsewhere]
    assert requests_for(ben) == []
