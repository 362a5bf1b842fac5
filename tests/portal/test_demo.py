"""The demo community: there once, whole, alive at any hour, and fit to be read by anyone."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import DjangoDbBlocker

from chat.models import ChangeKind, Message, MessageState, ReadMark, Room, RoomKind
from groups.membership.models import AgreementReceipt, Group, GroupRole, Membership, State
from groups.moderation.block_queries import pairs_for
from groups.moderation.models import Block, Report, Sanction
from groups.resources.models import Post
from groups.schedule.deeds import make_sessions
from groups.schedule.models import Rsvp, Session
from portal.accounts.models import Invitation, Role, Standing, User
from portal.accounts.names import check_display_name
from portal.demo import content
from portal.demo.build import RealPeople, build
from portal.demo.signins import DEMO_PASSWORD, SIGN_INS
from tests.cast import undone

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
AT_ANY_HOUR = [
    NOON,
    datetime(2026, 3, 5, 4, 30, tzinfo=UTC),  # half past eleven in the evening at the clinic
    datetime(2026, 3, 9, 9, 50, tzinfo=UTC),  # before six in the morning, just after the clocks went forward
    datetime(2026, 11, 2, 5, 10, tzinfo=UTC),  # shortly after midnight, just after they went back
]


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    models = (model for model in apps.get_models() if model._meta.managed)
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


def test_it_stays_away_from_real_people(sam: User) -> None:
    before = everything()
    with pytest.raises(RealPeople):
        build(now=NOON, password=DEMO_PASSWORD)
    assert everything() == before


def test_a_run_that_breaks_off_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    torn = tmp_path / "demo"
    shutil.copytree(content.HERE, torn)
    (torn / "conversations" / "newcomers.txt").unlink()
    monkeypatch.setattr(content, "HERE", torn)
    before = everything()
    with pytest.raises(FileNotFoundError):
        build(now=NOON, password=DEMO_PASSWORD)
    assert everything() == before


def test_it_is_refused_outside_the_demo(settings: object) -> None:
    settings.DEBUG = settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_the_command_runs_twice(settings: object, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    call_command("seed_demo")
    call_command("seed_demo")
    assert capsys.readouterr().out.splitlines() == [
        "The demo community is here. The sign-in page shows how to look around.",
        "The demo community was here already. Nothing was changed.",
    ]


# --- The community, once it is there --------------------------------------------------------------------------------
@pytest.fixture(scope="module", params=[NOON], ids=str)
def demo(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[datetime]:
    """The community as of that moment: built once, undone at the end. No test changes it."""
    with django_db_blocker.unblock(), undone():
        assert build(now=request.param, password=DEMO_PASSWORD)
        yield request.param


@pytest.fixture
def now(demo: datetime) -> datetime:
    """The moment up to which the community has lived."""
    return demo


def at(*moments: datetime) -> pytest.MarkDecorator:
    """Try it with the community as of each of these."""
    return pytest.mark.parametrize("demo", moments, indirect=True, ids=str)


def test_the_community_has_everybody_and_everything_a_newcomer_should_see(demo: datetime) -> None:
    assert {site.name for site in {group.site for group in Group.objects.select_related("site")}} == {
        "Cleveland",
        "Columbus",
        "Cincinnati",
        "Online",
    }
    assert Group.objects.count() == 6
    assert 38 <= User.objects.count() <= 48
    assert {person.standing for person in User.objects.all()} == set(Standing)
    assert User.objects.filter(role=Role.FACILITATOR).count() == 6
    assert User.objects.filter(role=Role.ADMIN).count() == 2
    assert Post.objects.count() == 12
    assert 380 <= Message.objects.count() <= 460
    assert {stay.state for stay in Membership.objects.all()} >= {State.ASKED, State.WAITLISTED, State.LEFT}
    assert Report.objects.open().count() == 2
    assert Invitation.objects.open(NOON).count() == 2
    assert Sanction.objects.in_force(NOON).get().user.display_name == "oakley"
    assert Message.objects.filter(state=MessageState.HIDDEN).count() == 1


def test_groups_are_full_half_full_and_new(demo: datetime) -> None:
    places = {group.name: (group.taken, group.capacity) for group in Group.objects.with_places()}
    assert sum(taken == capacity for taken, capacity in places.values()) == 2
    assert sum(taken == capacity // 2 for taken, capacity in places.values()) == 2
    assert sum(taken <= 2 for taken, _ in places.values()) == 1
    assert all(taken <= capacity for taken, capacity in places.values())


def test_a_second_run_changes_nothing(demo: datetime) -> None:
    before = everything()
    assert not build(now=NOON + timedelta(days=3), password="something else")
    assert everything() == before


def test_the_people_shown_on_the_sign_in_page_can_sign_in(demo: datetime) -> None:
    people = {User.objects.get(email=shown.email) for shown in SIGN_INS}
    assert {person.role for person in people} == set(Role)
    assert all(person.is_approved and person.check_password(DEMO_PASSWORD) for person in people)


@at(*AT_ANY_HOUR)
def test_every_feed_is_gapless_and_in_the_order_of_time(now: datetime) -> None:
    for room in Room.objects.exclude(kind=RoomKind.BACK, head_seq=0):
        changes = list(room.changes.select_related("message").order_by("seq"))
        assert [change.seq for change in changes] == list(range(1, room.head_seq + 1))
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        assert changes[-1].at <= now
        sent = [change for change in changes if change.kind == ChangeKind.SENT]
        assert {(change.message_id, change.seq) for change in sent} == set(room.messages.values_list("pk", "seq"))
        assert now - sent[-1].at < timedelta(hours=6)


@at(*AT_ANY_HOUR[:2])
def test_nobody_writes_before_they_came_or_after_they_went(demo: datetime) -> None:
    stays = {(stay.group_id, stay.user_id): stay for stay in Membership.objects.all()}
    for message in Message.objects.select_related("room", "reply_to"):
        stay = stays[message.room.group_id, message.author_id]
        assert stay.joined_at < message.sent_at, message
        assert stay.ended_at is None or message.sent_at < stay.ended_at, message
        assert message.reply_to is None or message.reply_to.seq < message.seq


@at(*AT_ANY_HOUR[2:])
def test_every_group_meets_within_days_and_for_eight_weeks(now: datetime) -> None:
    for group in Group.objects.all():
        ahead = Session.objects.upcoming(now).filter(group=group)
        assert timedelta(0) < ahead[0].starts_at - now < timedelta(days=7)
        assert ahead.last().starts_at - now > timedelta(days=40)
        assert Session.objects.past(now).filter(group=group).exists()
        for series in group.series.all():
            assert make_sessions(series, at=now) == []  # the nightly job has nothing to add
    assert not Rsvp.objects.filter(replied_at__gt=now).exists()


def test_no_group_ever_held_more_people_than_places(demo: datetime) -> None:
    for group in Group.objects.all():
        stays = list(group.memberships.filter(role=GroupRole.MEMBER).exclude(joined_at=None))
        for at in [stay.joined_at for stay in stays]:
            held = sum(stay.joined_at <= at and (stay.ended_at is None or stay.ended_at > at) for stay in stays)
            assert held <= group.capacity


def test_stays_tell_their_steps_and_everybody_agreed(demo: datetime) -> None:
    for stay in Membership.objects.select_related("user", "group"):
        steps = list(stay.changes.order_by("at", "pk"))
        assert steps[-1].state == stay.state
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert stay.user.created_at <= stay.asked_at
        assert AgreementReceipt.objects.filter(agreement__group=stay.group, user=stay.user).exists()


def test_the_demo_patient_has_something_new_in_two_groups(demo: datetime) -> None:
    marks = ReadMark.objects.filter(user__display_name="Juniper").select_related("room")
    assert sorted(mark.room.messages.filter(seq__gt=mark.seq).count() for mark in marks) == [3, 6]
    assert all(mark.seq <= mark.room.head_seq for mark in ReadMark.objects.select_related("room"))


def test_one_back_room_is_used_and_two_people_do_not_see_each_other(demo: datetime) -> None:
    shown = {person.email for person in SIGN_INS}
    aside = Message.objects.filter(room__kind=RoomKind.BACK)
    assert set(aside.values_list("room__group__name", "author__display_name")) == {
        ("After the Infusion", "Rosa"),
        ("After the Infusion", "Theo"),
    }
    block = Block.objects.in_force().get()
    assert shown.isdisjoint({block.blocker.email, block.blocked.email})
    assert [pair.blocked for pair in pairs_for(User.objects.get(email="rosa@example.org"))] == ["Kofi"]


# --- The words ------------------------------------------------------------------------------------------------------
DOSES = r"\b\d+ ?(mg|mcg|ug|ml|milligrams?|micrograms?|grams?)\b"
CONTACT = r"@|https?:|www\.|\.com\b|\.org\b|\b\d{3}[-. ]\d{3,4}\b|\binsta|\bvenmo|\bdiscord\b"
CALENDAR = r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(spring|summer|autumn|winter|christmas|thanksgiving)\b"
MEDICINES = r"\b(zoloft|prozac|lexapro|lithium|lamictal|seroquel|xanax|klonopin|adderall|lozenges?|troches?)\b"
NEVER_IN_ROOMS = re.compile("|".join([DOSES, CONTACT, CALENDAR, MEDICINES]), re.IGNORECASE)
NEVER_IN_POSTS = re.compile(rf"{DOSES}|{MEDICINES}|!|\b(invalid|forbidden|failed|users?|submit)\b", re.IGNORECASE)


def sentences(text: str) -> Iterator[str]:
    for line in re.sub(r"[*#]", "", text).splitlines():
        yield from re.split(r"(?<=[.!?:])\s+", re.sub(r"^\s*(-|\d+\.)\s*", "", line).strip())


def everything_said() -> Iterator[content.Line]:
    for group in content.groups():
        yield from content.conversation(group["key"]) + content.aside(group["key"])


def test_rooms_hold_nothing_that_peers_may_not_say() -> None:
    lines = list(everything_said())
    found = [line.text for line in lines if NEVER_IN_ROOMS.search(line.text) and not line.reported]
    assert found == []
    assert all(len(line.text) <= 4000 and line.text == line.text.strip() for line in lines)


def test_people_write_in_their_own_words() -> None:
    lines = [line.text for line in everything_said()]
    assert len(set(lines)) == len(lines)
    lengths = sorted(len(line) for line in lines)
    assert lengths[len(lengths) // 10] < 45
    assert lengths[-len(lengths) // 10] > 140


def test_posts_are_short_plain_and_say_that_a_clinician_should_look() -> None:
    for article in content.articles():
        assert article.body.rstrip().endswith(content.REVIEW)
        assert 150 <= len(article.body.split()) <= 450, article.key
        assert not NEVER_IN_POSTS.search(article.body), article.key


def test_texts_keep_to_sentences_of_twenty_words() -> None:
    texts = [article.body for article in content.articles()]
    texts += [group["purpose"] for group in content.groups()]
    texts += [content.agreement(group["promise"]) for group in content.groups()]
    assert [sentence for text in texts for sentence in sentences(text) if len(sentence.split()) > 20] == []


def test_display_names_are_such_as_the_portal_accepts() -> None:
    for role, people in content.people().items():
        for person in people:
            name, legal, email, staff = person["name"], person["legal"], person["email"], role == Role.ADMIN
            assert check_display_name(name, legal_name=legal, email=email, for_staff=staff) == name
            assert email.endswith(("@example.org", "@example.com"))
