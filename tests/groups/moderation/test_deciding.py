"""A facilitator decides about a report: all of the deed, or none of it."""

from datetime import timedelta

import pytest

from chat.models import Message, MessageState, Room
from groups.access import Can, actor_in
from groups.membership import deeds as stays
from groups.membership.models import State
from groups.moderation import actions
from groups.moderation.models import Outcome, Report, Sanction, Why
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound
from portal.notifications.models import Notice
from tests import cast
from tests.cast import NOW

LATER = NOW + timedelta(minutes=20)


def decide(who, report, outcome, note="It hurts people.", **values):
    return actions.decide(who, report.public_id, outcome=outcome, note=note, at=LATER, **values)


def state_of(message):
    return Message.objects.get(public_id=message).state


def test_leaving_it_as_it_is_closes_the_report(amina, carla, said, tell):
    decided = decide(amina, tell(carla, said), Outcome.NO_ACTION, note="")

    assert (decided.closed_at, decided.closed_by, decided.outcome) == (LATER, amina, Outcome.NO_ACTION)
    assert state_of(said) == MessageState.SHOWN
    entry = AuditEntry.objects.get(verb="report.decided")
    assert (entry.actor, entry.target_id, entry.facts) == (amina, str(decided.public_id), {"outcome": "no_action"})


def test_hiding_takes_the_message_from_everybodys_sight(amina, carla, said, tell):
    decide(amina, tell(carla, said), Outcome.HIDDEN)

    assert state_of(said) == MessageState.HIDDEN
    assert AuditEntry.objects.get(verb="message.hidden").reason == "It hurts people."


def test_muting_lets_the_author_read_but_not_write(harbor, amina, ben, carla, said, tell):
    decide(amina, tell(carla, said), Outcome.MUTED, minutes=60)

    assert not actor_in(harbor, ben, at=LATER).can(Can.WRITE)
    assert actor_in(harbor, ben, at=LATER + timedelta(hours=1)).can(Can.WRITE)
    assert state_of(said) == MessageState.SHOWN


def test_muting_can_hide_as_well(amina, carla, said, tell):
    decide(amina, tell(carla, said), Outcome.MUTED, minutes=60, also_hide=True)

    assert state_of(said) == MessageState.HIDDEN
    assert Sanction.objects.count() == 1


def test_removing_ends_the_stay(harbor, amina, ben, carla, said, tell):
    before = Room.objects.get(group=harbor).membership_version
    decide(amina, tell(carla, said), Outcome.REMOVED)

    stay = harbor.memberships.get(user=ben)
    assert (stay.state, stay.ended_at) == (State.REMOVED, LATER)
    assert AuditEntry.objects.get(verb="membership.removed").reason == "It hurts people."
    assert Room.objects.get(group=harbor).membership_version > before


def test_every_open_report_about_the_same_thing_is_closed(harbor, amina, ben, carla, said, say, tell):
    dan = cast.person("Dan")
    cast.stay(harbor, dan)
    first, second = tell(carla, said), tell(dan, said, Why.DANGER)
    another = tell(carla, say(ben, harbor, "Something else"))

    decide(amina, first, Outcome.TALKED, note="")

    assert set(Report.objects.exclude(closed_at=None)) == {first, second}
    assert set(Report.objects.filter(closed_at=None)) == {another}
    assert AuditEntry.objects.filter(verb="report.decided").count() == 2


def test_each_reporter_is_told_that_somebody_looked(harbor, amina, carla, said, tell):
    dan = cast.person("Dan")
    cast.stay(harbor, dan)
    tell(dan, said)
    tell(amina, said)
    decide(amina, tell(carla, said), Outcome.HIDDEN)

    told = Notice.objects.filter(kind="report.decided").values_list("person__display_name", flat=True)
    assert set(told) == {"Carla", "Dan"}


def test_a_report_is_decided_once(harbor, amina, carla, said, tell):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")
    report = tell(carla, said)
    decide(amina, report, Outcome.NO_ACTION)

    with pytest.raises(actions.AlreadyDecided):
        decide(frank, report, Outcome.HIDDEN)
    assert state_of(said) == MessageState.SHOWN


@pytest.mark.parametrize("outcome", [Outcome.HIDDEN, Outcome.MUTED, Outcome.REMOVED])
def test_taking_something_away_needs_a_reason(outcome, amina, carla, said, tell):
    report = tell(carla, said)
    with pytest.raises(stays.NeedsReason):
        decide(amina, report, outcome, note=" ", minutes=60)
    report.refresh_from_db()
    assert report.closed_at is None


@pytest.mark.parametrize("outcome", [Outcome.MUTED, Outcome.REMOVED])
def test_when_a_part_of_it_cannot_be_done_nothing_is(outcome, harbor, amina, ben, carla, said, tell):
    report = tell(carla, said)
    harbor.memberships.filter(user=ben).update(state=State.LEFT, ended_at=NOW)

    with pytest.raises(stays.NotInGroup):
        decide(amina, report, outcome, minutes=60, also_hide=True)

    report.refresh_from_db()
    assert (report.closed_at, state_of(said)) == (None, MessageState.SHOWN)
    assert not AuditEntry.objects.exclude(verb="report.made").exists()


@pytest.mark.parametrize("outcome", [Outcome.MUTED, Outcome.REMOVED])
def test_a_facilitator_is_neither_muted_nor_removed_by_another(outcome, harbor, amina, carla, say, tell):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")
    report = tell(carla, say(frank, harbor))

    with pytest.raises(stays.FacilitatorStays):
        decide(amina, report, outcome, minutes=60)


def test_nobody_decides_about_themselves_nor_learns_of_it(harbor, amina, carla, say, tell):
    report = tell(carla, say(amina, harbor))

    with pytest.raises(NotFound):
        decide(amina, report, Outcome.NO_ACTION)


def test_what_is_hidden_already_can_be_decided(harbor, amina, carla, said, tell):
    report = tell(carla, said)
    actions.hide(amina, harbor.public_id, "message", said, reason="At once.", at=NOW)

    assert decide(amina, report, Outcome.HIDDEN).outcome == Outcome.HIDDEN
    assert AuditEntry.objects.filter(verb="message.hidden").count() == 1


def test_others_do_not_decide(amina, ben, carla, dora, eve, sam, said, tell):
    report = tell(carla, said)
    everybody = {ben: NotAllowed, carla: NotAllowed, eve: NotAllowed, dora: NotFound, sam: NotFound}
    for who, refusal in everybody.items():
        with pytest.raises(refusal):
            decide(who, report, Outcome.NO_ACTION)
    report.refresh_from_db()
    assert report.closed_at is None


def test_an_absent_report_is_not_found(amina):
    with pytest.raises(NotFound):
        actions.decide(amina, cast.nobody(), outcome=Outcome.NO_ACTION, note="", at=NOW)
