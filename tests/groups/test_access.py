"""Every door of the groups, tried by everybody, for every capability, from both sides.

The table is written out here a second time on purpose: a change of `groups.access` must be made twice to pass.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoDbBlocker

from groups import access
from groups.access import Can
from groups.membership.models import Group, GroupRole, JoinRule, Membership, State, Status
from groups.moderation.models import Report, Sanction, Why
from groups.resources.models import Post
from groups.schedule.models import Series, Session
from portal.accounts.access import SiteCan
from portal.accounts.models import Role, Standing, User
from portal.errors import NotAllowed, NotFound
from tests.cast import NOW, group, nobody, person, stay, undone

pytestmark = pytest.mark.django_db

CARD = {Can.SEE_CARD}
MEMBER = CARD | {Can.LEAVE, Can.READ, Can.WRITE, Can.RSVP, Can.REPORT, Can.SEE_MEMBERS}
FACILITATOR = MEMBER | {Can.DECIDE, Can.RUN_SESSIONS, Can.WRITE_POSTS, Can.MODERATE, Can.REMOVE, Can.READ_BACK}
ADMIN = CARD | {Can.DECIDE, Can.REMOVE, Can.SEE_MEMBERS, Can.ASSIGN, Can.SET_UP, Can.OPEN}

# Who: what they may do, and whether they belong, so that they learn what they lack (403) instead of nothing (404).
TABLE: dict[str, tuple[set[Can], bool]] = {
    "stranger": (CARD | {Can.ASK}, False),
    "former": (CARD | {Can.ASK}, False),
    "removed": (CARD | {Can.ASK}, False),
    "banned": (CARD | {Can.ASK}, False),  # the answer to asking is a refusal in words
    "declined": (CARD | {Can.ASK}, False),
    "other facilitator": (CARD | {Can.ASK}, False),
    "asking": (CARD | {Can.LEAVE}, False),
    "waitlisted": (CARD | {Can.LEAVE}, False),
    "offered": (CARD | {Can.LEAVE}, False),
    "paused": (CARD | {Can.LEAVE}, False),
    "member": (MEMBER, True),
    "muted": (MEMBER - {Can.WRITE}, True),
    "was muted": (MEMBER, True),
    "let off": (MEMBER, True),
    "muted elsewhere": (MEMBER, True),
    "facilitator": (FACILITATOR, True),
    "muted facilitator": (FACILITATOR - {Can.WRITE}, True),
    "demoted facilitator": (MEMBER, True),
    "admin": (ADMIN, True),
    "admin member": (ADMIN | MEMBER, True),
    "admin facilitator": (ADMIN | FACILITATOR, True),
    "waiting account": (set(), False),
    "invited account": (set(), False),
    "paused account": (set(), False),
    "deactivated member": (set(), False),
    "deactivated facilitator": (set(), False),
    "deactivated admin": (set(), False),
}
STRANGERS = [who for who, (_, belongs) in TABLE.items() if not belongs]


def come(who: str) -> User:
    """Somebody with the account of this kind of person."""
    role = Role.PATIENT
    if "facilitator" in who and who != "demoted facilitator":
        role = Role.FACILITATOR
    if "admin" in who:
        role = Role.ADMIN
    standing = Standing.APPROVED
    if "account" in who:
        standing = Standing(who.split()[0])
    if "deactivated" in who:
        standing = Standing.DEACTIVATED
    return person(who.title(), role=role, standing=standing)


def stand(who: str, user: User, harbor: Group) -> None:
    """Bring them into their relation to this group."""
    if who == "other facilitator":
        stay(group("Morning Light"), user, role=GroupRole.FACILITATOR)
    elif who not in ("stranger", "admin", "deactivated admin", "invited account"):
        in_group = GroupRole.FACILITATOR if "facilitator" in who else GroupRole.MEMBER
        states = {"former": State.LEFT, "asking": State.ASKED}
        state = states.get(who) or (State(who) if who in State.values else State.ACTIVE)
        stay(harbor, user, state=state, role=in_group)
    _mute(who, user, harbor)


def _mute(who: str, user: User, harbor: Group) -> None:
    if who in ("muted", "muted facilitator"):
        _sanction(user, harbor, hours=(-1, 1))
    elif who == "was muted":
        _sanction(user, harbor, hours=(-2, 0))  # over at this very moment
    elif who == "let off":
        _sanction(user, harbor, hours=(-1, 1), lifted_at=NOW, lifted_by=user)
    elif who == "muted elsewhere":
        _sanction(user, group("Morning Light"), hours=(-1, 1))


def _sanction(user: User, where: Group, *, hours: tuple[int, int], **values: object) -> None:
    starts_at, ends_at = (NOW + timedelta(hours=hour) for hour in hours)
    Sanction.objects.create(
        group=where, user=user, by=user, reason="Rest", starts_at=starts_at, ends_at=ends_at, **values
    )


def answer(door: Callable[..., object], *args: object, **values: object) -> str | int:
    """What a door says: "ok", 403 or 404."""
    try:
        door(*args, at=NOW, **values)
    except (NotFound, NotAllowed) as refusal:
        return refusal.status
    return "ok"


def expected(who: str, need: Can) -> str | int:
    may, belongs = TABLE[who]
    if need in may:
        return "ok"
    return 403 if belongs else 404


class Things:
    """One of each thing in a group, and the doors that lead to them."""

    def __init__(self, where: Group) -> None:
        self.group = where
        author = person(f"Keeper {where.pk}", role=Role.FACILITATOR)
        self.stay: Membership = stay(where, author, role=GroupRole.FACILITATOR)
        made = {"created_by": author, "created_at": NOW, "starts_on": date(2026, 3, 4), "wall_time": time(17)}
        self.series = Series.objects.create(group=where, title="Wednesdays", zone="America/New_York", **made)
        self.session = Session.objects.create(
            group=where, title="Wednesday", starts_at=NOW, ends_at=NOW + timedelta(hours=1)
        )
        self.post = Post.objects.create(group=where, title="Rest", body="Rest.", author=author, published_at=NOW)
        self.report = Report.objects.create(
            group=where,
            kind="message",
            target_id=nobody(),
            about=author,
            reporter=author,
            why=Why.OTHER,
            opened_at=NOW,
        )

    def doors(self) -> dict[str, tuple[Callable[..., object], tuple[UUID, ...]]]:
        """Each door with the ids it takes, the thing's own last."""
        own = self.group.public_id
        return {
            "group": (access.group_for, (own,)),
            "membership": (access.membership_for, (own, self.stay.public_id)),
            "session": (access.session_for, (self.session.public_id,)),
            "series": (access.series_for, (self.series.public_id,)),
            "post": (access.post_for, (self.post.public_id,)),
            "report": (access.report_for, (self.report.public_id,)),
        }


DOORS = ["group", "membership", "session", "series", "post", "report"]


@pytest.fixture(scope="module")
def things(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    """Made once and undone at the end; each test undoes what it adds."""
    with django_db_blocker.unblock(), undone():
        yield Things(group())


@pytest.fixture(scope="module")
def elsewhere(things: Things) -> Things:
    """The same in another group."""
    return Things(group("Second Wind"))


@pytest.fixture(scope="module")
def people(things: Things) -> dict[str, User]:
    """One of each kind, in relation to the group of the things."""
    came = {who: come(who) for who in TABLE}
    for who, user in came.items():
        stand(who, user, things.group)
    return came


NOT_LISTED = [(Status.DRAFT, JoinRule.ASK), (Status.ARCHIVED, JoinRule.ASK), (Status.OPEN, JoinRule.INVITED)]


@pytest.fixture(scope="module")
def hidden(people: dict[str, User]) -> dict[tuple[Status, JoinRule], Group]:
    """Groups that are not listed, and the same strangers in relation to each."""
    made = {}
    for status, join_rule in NOT_LISTED:
        made[status, join_rule] = group(f"Hidden Cove {status} {join_rule}", status=status, join_rule=join_rule)
        for who in STRANGERS:
            stand(who, people[who], made[status, join_rule])
    return made


def test_every_capability_is_given_to_somebody_and_withheld_from_somebody() -> None:
    for need in Can:
        assert {need in may for may, _ in TABLE.values()} == {True, False}, need


@pytest.mark.parametrize("who", TABLE)
def test_the_door_to_the_group_gives_each_person_what_the_table_says(
    who: str, things: Things, people: dict[str, User]
) -> None:
    user = people[who]

    said = {need: answer(access.group_for, user, things.group.public_id, need=need) for need in Can}

    assert said == {need: expected(who, need) for need in Can}


@pytest.mark.parametrize("needs", [(Can.READ, Can.WRITE, Can.MODERATE), pytest.param(Can, marks=pytest.mark.slow)])
@pytest.mark.parametrize("who", TABLE)
def test_every_door_gives_each_person_what_the_table_says(
    who: str, needs: Iterable[Can], things: Things, people: dict[str, User]
) -> None:
    user = people[who]

    said = {
        (name, need): answer(door, user, *ids, need=need)
        for name, (door, ids) in things.doors().items()
        for need in needs
    }

    assert said == {(name, need): expected(who, need) for name in DOORS for need in needs}


@pytest.mark.parametrize("who", TABLE)
def test_a_locked_door_says_the_same(who: str, things: Things, people: dict[str, User]) -> None:
    user = people[who]

    for name, (door, ids) in things.doors().items():
        for need in (Can.READ, Can.MODERATE):
            assert answer(door, user, *ids, need=need, lock=True) == expected(who, need), name


@pytest.mark.parametrize("who", TABLE)
def test_an_absent_thing_is_a_404_for_everybody(who: str, things: Things, people: dict[str, User]) -> None:
    user = people[who]

    for name, (door, ids) in things.doors().items():
        assert answer(door, user, *ids[:-1], nobody(), need=Can.SEE_CARD) == 404, name


@pytest.mark.parametrize("who", ["member", "muted", "facilitator"])
def test_the_things_of_another_group_are_a_404(
    who: str, things: Things, elsewhere: Things, people: dict[str, User]
) -> None:
    user = people[who]

    for name, (door, ids) in elsewhere.doors().items():
        assert answer(door, user, *ids, need=Can.READ) == 404, name


@pytest.mark.parametrize("who", TABLE)
def test_a_stay_is_not_reached_through_another_group(
    who: str, things: Things, elsewhere: Things, people: dict[str, User]
) -> None:
    user, foreign = people[who], elsewhere.stay.public_id

    assert answer(access.membership_for, user, things.group.public_id, foreign, need=Can.SEE_CARD) == 404


@pytest.mark.parametrize("who", STRANGERS)
def test_absent_and_not_theirs_look_the_same_to_a_stranger(who: str, things: Things, people: dict[str, User]) -> None:
    user = people[who]

    for name, (door, ids) in things.doors().items():
        heard = []
        for last in (ids[-1], nobody()):
            with pytest.raises(NotFound) as refusal:
                door(user, *ids[:-1], last, need=Can.READ, at=NOW)
            heard.append((type(refusal.value), refusal.value.status, refusal.value.as_frame()))
        assert heard[0] == heard[1], name


NEEDS_OF_STRANGERS = (Can.SEE_CARD, Can.ASK, Can.LEAVE, Can.READ)


@pytest.mark.parametrize("needs", [NEEDS_OF_STRANGERS, pytest.param(Can, marks=pytest.mark.slow)])
@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("kind", NOT_LISTED, ids="-".join)
def test_a_group_that_is_not_listed_is_not_there_for_strangers(
    who: str,
    kind: tuple[Status, JoinRule],
    needs: Iterable[Can],
    people: dict[str, User],
    hidden: dict[tuple[Status, JoinRule], Group],
) -> None:
    user, cove = people[who], hidden[kind].public_id
    open_stay = who in ("asking", "waitlisted", "offered", "paused")

    said = {need: answer(access.group_for, user, cove, need=need) for need in needs}

    assert said == {need: "ok" if open_stay and need in CARD | {Can.LEAVE} else 404 for need in needs}


def test_a_closed_group_still_shows_its_card(people: dict[str, User]) -> None:
    closed = group("Evening Tide", status=Status.CLOSED)

    assert answer(access.group_for, people["stranger"], closed.public_id, need=Can.SEE_CARD) == "ok"


def test_the_list_of_groups_is_for_approved_people_and_shows_what_is_listed(
    things: Things,
    elsewhere: Things,
    people: dict[str, User],
    hidden: dict[tuple[Status, JoinRule], Group],
) -> None:
    listed = {things.group, elsewhere.group, *Group.objects.filter(name="Morning Light")}
    seen = {}
    for who in ("stranger", "member", "facilitator", "admin", "waiting account", "deactivated member"):
        try:
            seen[who] = set(access.groups_for(people[who]))
        except NotFound:
            seen[who] = None

    assert seen == {
        "stranger": listed,
        "member": listed,
        "facilitator": listed,
        "admin": listed | set(hidden.values()),
        "waiting account": None,
        "deactivated member": None,
    }


def test_setting_up_groups_is_for_admins(people: dict[str, User]) -> None:
    access.groups_for(people["admin"], need=SiteCan.MANAGE_GROUPS)

    for who in ("stranger", "member", "facilitator", "deactivated admin"):
        with pytest.raises(NotFound):
            access.groups_for(people[who], need=SiteCan.MANAGE_GROUPS)


@pytest.mark.parametrize("who", TABLE)
def test_a_post_for_everyone_is_read_by_all_and_written_by_admins(
    who: str, things: Things, people: dict[str, User]
) -> None:
    user = people[who]
    post = Post.objects.create(title="Rest", body="Rest.", author=user, published_at=NOW)
    may, _ = TABLE[who]

    read = answer(access.post_for, user, post.public_id, need=Can.READ)
    write = answer(access.post_for, user, post.public_id, need=Can.WRITE_POSTS)

    assert read == ("ok" if may else 404)
    assert write == (404 if not may else "ok" if Can.SET_UP in may else 403)


@pytest.mark.parametrize("who", ["member", "facilitator", "admin"])
def test_a_withdrawn_post_is_a_404(who: str, things: Things, people: dict[str, User]) -> None:
    Post.objects.update(withdrawn_at=NOW)

    assert answer(access.post_for, people[who], things.post.public_id, need=Can.READ) == 404


def test_a_mute_ends_by_the_clock(things: Things, people: dict[str, User]) -> None:
    harbor, user = things.group, people["muted"]
    before, at_its_end = NOW + timedelta(minutes=59), NOW + timedelta(hours=1)

    assert not access.actor_in(harbor, user, at=before).can(Can.WRITE)
    assert access.actor_in(harbor, user, at=before).muted_until == at_its_end
    assert access.actor_in(harbor, user, at=at_its_end).can(Can.WRITE)
    assert access.actor_in(harbor, user, at=at_its_end).muted_until is None


def test_who_returns_has_the_rights_of_the_new_stay(things: Things, people: dict[str, User]) -> None:
    harbor, user = things.group, people["former"]
    stay(harbor, user, state=State.ACTIVE)

    assert set(access.actor_in(harbor, user, at=NOW).capabilities) == MEMBER
