"""Asking to join, from everybody's side."""

from datetime import timedelta

import pytest

from chat.models import Change, ChangeKind
from groups.membership.actions import accept_agreement, ask_to_join, leave
from groups.membership.actions.asking import AskTheClinic, TakesNobody
from groups.membership.deeds import AgreementNeeded
from groups.membership.models import Agreement, AgreementReceipt, JoinRule, MembershipChange, State, Status
from groups.membership.queries import open_requests
from portal.errors import NotAllowed, NotFound, TooMany
from tests import cast
from tests.cast import NOW

LATER = NOW + timedelta(hours=1)


def ask(person, group, *, words="I start next week.", accepted=1, at=NOW):
    return ask_to_join(person, group.public_id, words=words, accepted=accepted, at=at)


def test_asking_waits_for_a_facilitator(sam, harbor, amina, newest_entry, told):
    stay = ask(sam, harbor)

    assert (stay.state, stay.words, stay.asked_at) == (State.ASKED, "I start next week.", NOW)
    step = MembershipChange.objects.get(membership=stay)
    assert (step.state, step.by, step.at) == (State.ASKED, sam, NOW)
    entry = newest_entry()
    assert (entry.verb, entry.actor, entry.target_id) == ("membership.asked", sam, str(stay.public_id))
    assert entry.group_id == harbor.public_id
    assert "next week" not in str(entry.facts)
    assert AgreementReceipt.objects.get(user=sam).agreement.version == 1
    assert told(amina) == ["request.received"]
    assert not Change.objects.filter(room=harbor.room).exists()


def test_asking_a_group_nobody_facilitates_tells_the_admins(sam, harbor, eve, told):
    ask(sam, harbor)
    assert told(eve) == ["request.received"]


def test_an_open_group_takes_people_at_once(sam, newest_entry):
    group = cast.group("Open Door", join_rule=JoinRule.OPEN)
    stay = ask(sam, group)

    assert (stay.state, stay.joined_at) == (State.ACTIVE, NOW)
    assert newest_entry().verb == "membership.joined"
    assert list(Change.objects.filter(room=group.room).values_list("kind", "actor")) == [(ChangeKind.JOINED, sam.pk)]


@pytest.mark.parametrize("rule", [JoinRule.OPEN, JoinRule.ASK])
def test_a_full_group_puts_people_in_line(sam, rule, fill, newest_entry):
    group = cast.group("Full House", capacity=2, join_rule=rule)
    fill(group)
    first = ask(cast.person("First"), group)
    second = ask(sam, group, at=LATER)

    assert (first.state, second.state) == (State.WAITLISTED, State.WAITLISTED)
    assert newest_entry().verb == "membership.waitlisted"
    assert [stay.place_in_line for stay in open_requests(sam)] == [2]


def test_nobody_overtakes_the_waiting_list(sam, fill):
    group = cast.group("Full House", capacity=2, join_rule=JoinRule.OPEN)
    ben_in, _ = fill(group)
    ask(cast.person("First"), group)
    leave(ben_in.user, group.public_id, at=NOW)

    assert ask(sam, group).state == State.WAITLISTED


def test_asking_twice_is_harmless(sam, harbor, amina):
    assert ask(sam, harbor) == ask(sam, harbor, words="Again.")
    assert harbor.memberships.filter(user=sam).count() == 1


def test_a_member_who_asks_stays_a_member(ben, harbor):
    assert ask(ben, harbor).state == State.ACTIVE


@pytest.mark.parametrize("accepted", [0, 2])
def test_the_agreement_in_force_must_be_accepted(sam, harbor, accepted):
    with pytest.raises(AgreementNeeded):
        ask(sam, harbor, accepted=accepted)
    assert not harbor.memberships.filter(user=sam).exists()


def test_an_older_version_of_the_agreement_is_not_enough(sam, harbor):
    Agreement.objects.create(group=harbor, version=2, text="New words.", published_at=NOW)
    with pytest.raises(AgreementNeeded):
        ask(sam, harbor, accepted=1)
    assert ask(sam, harbor, accepted=2).state == State.ASKED


@pytest.mark.parametrize(
    "values",
    [
        {"join_rule": JoinRule.INVITED},
        {"status": Status.DRAFT},
        {"status": Status.ARCHIVED},
    ],
)
def test_some_groups_do_not_exist_for_strangers(sam, values):
    with pytest.raises(NotFound):
        ask(sam, cast.group("Hidden", **values))


def test_a_closed_group_takes_nobody(sam):
    with pytest.raises(TakesNobody):
        ask(sam, cast.group("Closed", status=Status.CLOSED))


def test_a_banned_person_is_sent_to_the_clinic(sam, harbor):
    cast.stay(harbor, sam, state=State.BANNED)
    with pytest.raises(AskTheClinic):
        ask(sam, harbor)


@pytest.mark.parametrize("state", [State.REMOVED, State.LEFT, State.DECLINED])
def test_others_may_ask_again(sam, harbor, state):
    cast.stay(harbor, sam, state=state)
    assert ask(sam, harbor).state == State.ASKED


def test_a_ban_ends_when_an_admin_let_the_person_in_again(sam, harbor):
    cast.stay(harbor, sam, state=State.BANNED)
    cast.stay(harbor, sam, state=State.LEFT)
    assert ask(sam, harbor).state == State.ASKED


def test_admins_do_not_ask(eve, harbor):
    with pytest.raises(NotAllowed):
        ask(eve, harbor)


def test_an_account_that_waits_cannot_ask(waiting, harbor):
    with pytest.raises(NotFound):
        ask(waiting, harbor)


def test_asking_over_and_over_has_a_limit(sam, harbor):
    for _ in range(8):
        ask(sam, harbor)
    with pytest.raises(TooMany):
        ask(sam, harbor)
    assert ask(sam, harbor, at=NOW + timedelta(minutes=10)).state == State.ASKED


def test_members_accept_a_new_agreement(ben, harbor, newest_entry):
    Agreement.objects.create(group=harbor, version=2, text="New words.", published_at=NOW)
    accept_agreement(ben, harbor.public_id, version=2, at=NOW)
    accept_agreement(ben, harbor.public_id, version=2, at=LATER)

    receipt = AgreementReceipt.objects.get(user=ben, agreement__version=2)
    assert receipt.accepted_at == NOW
    entry = newest_entry()
    assert (entry.verb, entry.at, entry.facts) == ("agreement.accepted", NOW, {"version": 2})


def test_an_agreement_that_changed_meanwhile_is_not_accepted(ben, harbor):
    Agreement.objects.create(group=harbor, version=2, text="New words.", published_at=NOW)
    with pytest.raises(AgreementNeeded):
        accept_agreement(ben, harbor.public_id, version=1, at=NOW)


def test_strangers_cannot_accept_an_agreement(sam, harbor):
    with pytest.raises(NotFound):
        accept_agreement(sam, harbor.public_id, version=1, at=NOW)
