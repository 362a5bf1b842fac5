"""Answering one session, calling it off, moving it."""

from datetime import timedelta

import pytest

from groups.membership.models import Membership, State
from groups.moderation.models import Sanction
from groups.schedule import actions
from groups.schedule.actions.sessions import SessionCancelled, SessionOver
from groups.schedule.deeds import LinkNotSafe, WhyNeeded
from groups.schedule.models import Reply, Rsvp, Session
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import NOW

HOUR = timedelta(hours=1)
MOVED = {"topic": "Sleep", "place": "Room 9", "link": "https://meet.example.org/other"}


def say(who, session, reply=Reply.YES, at=NOW):
    return actions.answer(who, session.public_id, reply=reply, at=at)


def coming(session):
    return Session.objects.with_coming().get(pk=session.pk).coming


def leave(person):
    Membership.objects.filter(user=person).update(state=State.LEFT, ended_at=NOW)


# Answers


def test_an_answer_is_kept_and_written_down(ben, harbor, tuesday, entries):
    rsvp = say(ben, tuesday)

    assert (rsvp.user, rsvp.session, rsvp.reply, rsvp.replied_at) == (ben, tuesday, "yes", NOW)
    (entry,) = entries("session.answered")
    assert (entry.actor, entry.target_id, entry.group_id) == (ben, str(tuesday.public_id), harbor.public_id)
    assert entry.facts == {"reply": "yes"}


def test_the_latest_answer_counts(ben, tuesday, entries):
    for number, reply in enumerate([Reply.YES, Reply.YES, Reply.NO]):
        say(ben, tuesday, reply, at=NOW + number * HOUR)

    assert list(Rsvp.objects.values_list("reply", "replied_at")) == [("no", NOW + 2 * HOUR)]
    assert [entry.facts["reply"] for entry in entries("session.answered")] == ["yes", "no"]


def test_a_muted_member_may_still_answer(ben, amina, harbor, tuesday):
    Sanction.objects.create(
        group=harbor, user=ben, starts_at=NOW - HOUR, ends_at=NOW + HOUR, by=amina, reason="Too heated."
    )

    assert say(ben, tuesday).reply == Reply.YES


def test_an_answer_may_change_while_the_session_runs(ben, tuesday):
    assert say(ben, tuesday, at=tuesday.ends_at - timedelta(seconds=1)).reply == Reply.YES


@pytest.mark.parametrize(
    ("who", "refusal"), [("sam", NotFound), ("dora", NotFound), ("asking", NotFound), ("eve", NotAllowed)]
)
def test_who_is_not_in_the_group_cannot_answer(who, refusal, tuesday, request):
    with pytest.raises(refusal):
        say(request.getfixturevalue(who), tuesday)

    assert not Rsvp.objects.exists()


def test_who_has_left_cannot_answer(ben, tuesday):
    leave(ben)

    with pytest.raises(NotFound):
        say(ben, tuesday)


def test_there_is_no_answer_to_nothing(ben):
    with pytest.raises(NotFound):
        actions.answer(ben, cast.nobody(), reply=Reply.YES, at=NOW)


def test_what_is_over_takes_no_answer(ben, tuesday):
    with pytest.raises(SessionOver):
        say(ben, tuesday, at=tuesday.ends_at)


def test_what_is_cancelled_takes_no_answer(amina, ben, tuesday):
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)

    with pytest.raises(SessionCancelled):
        say(ben, tuesday)


def test_who_left_is_not_counted(amina, ben, carla, tuesday):
    for person in (amina, ben, carla):
        say(person, tuesday)
    say(carla, tuesday, Reply.MAYBE)
    assert coming(tuesday) == 2

    leave(ben)

    assert coming(tuesday) == 1


# Calling one off


def test_one_session_is_cancelled_and_the_others_stay(amina, harbor, tuesday, tuesdays, entries):
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)

    assert list(tuesdays.sessions.exclude(cancelled_at=None)) == [tuesday]
    tuesday.refresh_from_db()
    assert (tuesday.cancelled_at, tuesday.cancelled_by, tuesday.cancelled_why) == (NOW, amina, "Snow.")
    (entry,) = entries("session.cancelled")
    assert (entry.actor, entry.target_id, entry.group_id) == (amina, str(tuesday.public_id), harbor.public_id)
    assert entry.reason == "Snow."


def test_who_said_yes_is_told(amina, ben, carla, tuesday, told):
    dan = cast.person("Dan")
    cast.stay(tuesday.group, dan)
    say(amina, tuesday)
    say(ben, tuesday)
    say(carla, tuesday, Reply.MAYBE)
    say(dan, tuesday)
    leave(dan)

    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)

    assert [told(person) for person in (ben, carla, dan, amina)] == [["session.cancelled"], [], [], []]


def test_cancelling_needs_words_and_happens_once(amina, ben, tuesday, told):
    say(ben, tuesday)
    with pytest.raises(WhyNeeded):
        actions.cancel_session(amina, tuesday.public_id, why=" ", at=NOW)
    actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=NOW)
    with pytest.raises(SessionCancelled):
        actions.cancel_session(amina, tuesday.public_id, why="Again.", at=NOW + HOUR)

    assert told(ben) == ["session.cancelled"]


# Moving one


def test_topic_place_and_link_change_for_one_session(amina, tuesday, tuesdays, entries):
    actions.change_details(amina, tuesday.public_id, at=NOW, **MOVED)

    tuesday.refresh_from_db()
    assert {name: getattr(tuesday, name) for name in MOVED} == MOVED
    assert tuesdays.sessions.filter(place="Room 9").count() == 1
    assert [(entry.actor, entry.facts) for entry in entries("session.changed")] == [
        (amina, {"changed": ["topic", "place", "link"]})
    ]


def test_who_said_yes_hears_of_another_place_but_not_of_a_topic(amina, ben, tuesday, told):
    say(ben, tuesday)
    here = {"place": tuesday.place, "link": tuesday.link}

    actions.change_details(amina, tuesday.public_id, topic="Sleep", at=NOW, **here)
    assert told(ben) == []
    actions.change_details(amina, tuesday.public_id, topic="Sleep", at=NOW, **here | {"place": "Room 9"})

    assert told(ben) == ["session.changed"]


def test_saving_the_same_changes_nothing(amina, tuesday, entries):
    actions.change_details(amina, tuesday.public_id, topic="", place=tuesday.place, link=tuesday.link, at=NOW)

    assert entries("session.changed") == []


@pytest.mark.parametrize("link", ["http://meet.example.org", "javascript:alert(1)", "//meet.example.org"])
def test_a_link_that_is_not_safe_is_refused(link, amina, tuesday):
    with pytest.raises(LinkNotSafe):
        actions.change_details(amina, tuesday.public_id, at=NOW, **MOVED | {"link": link})


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("ben", NotAllowed), ("eve", NotAllowed), ("sam", NotFound), ("dora", NotFound), ("asking", NotFound)],
)
def test_only_who_runs_the_group_cancels_and_moves(who, refusal, tuesday, request):
    person = request.getfixturevalue(who)

    with pytest.raises(refusal):
        actions.cancel_session(person, tuesday.public_id, why="Snow.", at=NOW)
    with pytest.raises(refusal):
        actions.change_details(person, tuesday.public_id, at=NOW, **MOVED)

    tuesday.refresh_from_db()
    assert (tuesday.cancelled_at, tuesday.topic) == (None, "")


def test_what_is_over_is_left_alone(amina, tuesday):
    with pytest.raises(SessionOver):
        actions.cancel_session(amina, tuesday.public_id, why="Snow.", at=tuesday.ends_at)
    with pytest.raises(SessionOver):
        actions.change_details(amina, tuesday.public_id, at=tuesday.ends_at, **MOVED)
