"""Members tell the facilitators."""

from datetime import timedelta

import pytest

from chat.models import Message, MessageState
from groups.moderation import actions
from groups.moderation.models import Outcome, Report, Why
from portal.audit import AuditEntry
from portal.errors import NotAllowed, NotFound, TooMany
from portal.notifications.models import Notice
from tests import cast
from tests.cast import NOW


def told() -> set[str]:
    """Who has been told that something was reported."""
    return set(Notice.objects.filter(kind="report.received").values_list("person__display_name", flat=True))


def test_a_member_reports_a_message_and_it_is_written_down(harbor, amina, ben, carla, said, tell):
    report = tell(carla, said, Why.HURTFUL, "This hurt me.")

    assert (report.group, report.about, report.reporter, report.words) == (harbor, ben, carla, "This hurt me.")
    assert report.closed_at is None
    entry = AuditEntry.objects.get(verb="report.made")
    assert (entry.actor, entry.target_id, entry.group_id) == (carla, str(report.public_id), harbor.public_id)
    assert entry.facts == {"why": "hurtful", "kind": "message", "target": str(said)}
    assert "This hurt me." not in str(entry.__dict__)
    assert told() == {"Amina"}


def test_a_muted_member_can_still_report(harbor, amina, carla, said, tell):
    stay = harbor.memberships.get(user=carla)
    actions.mute(amina, harbor.public_id, stay.public_id, minutes=60, reason="Rest", at=NOW)

    assert tell(carla, said).reporter == carla


def test_a_facilitator_can_report_and_another_is_told(harbor, amina, said, tell):
    frank = cast.person("Frank", role="facilitator")
    cast.stay(harbor, frank, role="facilitator")

    tell(amina, said)

    assert told() == {"Frank"}


def test_strangers_cannot_report_and_learn_nothing(harbor, amina, carla, said, sam, dora, asking, waiting, tell):
    left = cast.person("Lena")
    cast.stay(harbor, left, state="left")
    for who in (sam, dora, asking, waiting, left):
        heard = []
        for target in (said, cast.nobody()):
            with pytest.raises(NotFound) as refusal:
                tell(who, target)
            heard.append(refusal.value.as_frame())
        assert heard[0] == heard[1]
    assert Report.objects.count() == 0


def test_an_admin_who_is_not_in_the_group_does_not_report(amina, said, eve, tell):
    with pytest.raises(NotAllowed):
        tell(eve, said)


def test_nothing_else_can_be_reported(carla, said):
    with pytest.raises(NotFound):
        actions.report(carla, "kitchen", said, why=Why.OTHER, words="", at=NOW)


def test_nobody_reports_their_own_words(ben, said, tell):
    with pytest.raises(actions.OwnWords) as refusal:
        tell(ben, said)

    assert refusal.value.message == "You wrote this yourself. You can take it back in the chat."
    assert Report.objects.count() == 0


def test_reporting_twice_is_harmless(amina, carla, said, tell):
    first = tell(carla, said, Why.HURTFUL, "It hurt.")
    again = tell(carla, said, Why.OTHER, "Still.")

    assert again.pk == first.pk
    assert (again.why, again.words) == (Why.HURTFUL, "It hurt.")
    assert AuditEntry.objects.filter(verb="report.made").count() == 1
    assert Notice.objects.count() == 1


def test_telling_again_that_someone_is_in_danger_makes_it_urgent(amina, carla, said, tell):
    first = tell(carla, said, Why.OTHER, "Strange words.")
    again = tell(carla, said, Why.DANGER, "I am afraid for him.")

    assert again.pk == first.pk
    assert (again.why, again.words) == (Why.DANGER, "Strange words.\nI am afraid for him.")
    assert AuditEntry.objects.filter(verb="report.raised").count() == 1
    assert Notice.objects.filter(kind="report.received").count() == 2


def test_a_long_story_told_twice_is_cut_not_lost(amina, carla, said, tell):
    tell(carla, said, Why.OTHER, "a" * 400)
    again = tell(carla, said, Why.DANGER, "b" * 400)

    assert again.words == "a" * 400 + "\n" + "b" * 99


def test_two_people_report_the_same_thing_each_for_themselves(harbor, amina, carla, said, tell):
    dan = cast.person("Dan")
    cast.stay(harbor, dan)

    assert tell(carla, said).pk != tell(dan, said).pk


def test_after_a_decision_the_same_thing_can_be_reported_anew(amina, carla, said, tell):
    first = tell(carla, said)
    actions.decide(amina, first.public_id, outcome=Outcome.NO_ACTION, note="", at=NOW)

    assert tell(carla, said).pk != first.pk


@pytest.mark.parametrize("state", [MessageState.HIDDEN, MessageState.REMOVED])
def test_what_is_not_shown_any_more_can_still_be_reported(state, amina, carla, said, tell):
    Message.objects.filter(public_id=said).update(state=state)

    assert tell(carla, said, Why.DANGER).why == Why.DANGER


def test_a_report_about_the_only_facilitator_goes_to_the_admins(harbor, amina, carla, eve, say, tell):
    tell(carla, say(amina, harbor, "Be quiet now"))

    assert told() == {"Eve"}


def test_too_many_reports_wait(amina, carla, said, tell):
    for _ in range(10):
        tell(carla, said)
    with pytest.raises(TooMany) as refusal:
        tell(carla, said)

    assert refusal.value.retry_after == 60
    assert tell(carla, said, at=NOW + timedelta(seconds=60))


def test_tries_that_are_refused_count_too(amina, sam, said, tell):
    for _ in range(10):
        with pytest.raises(NotFound):
            tell(sam, said)
    with pytest.raises(TooMany):
        tell(sam, said)
