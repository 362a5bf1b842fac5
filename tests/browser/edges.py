"""What the demo has none of: a group of 200, names as long as they may be, a closed room, a room without a word.

`python -m tests.browser.edges` adds these to a running portal's database and prints how they look; see walk.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.browser.looks import Look, eyes
from tests.browser.walk import tell

MEMBERS, LINES = 200, 60
READER, LEADER = "long.reader@example.org", "long.leader@example.org"
LONG_NAME = "Wilhelmina-Featherstonehaugh of the hill"  # 40 characters, and a word of 28
LONG_GROUP = "A quiet group for everybodywhocametousthroughthelongestwaitinglistofall, Tuesday"
LONG_WORD = "https://example.org/" + "a-long-way-home-" * 12


def edges() -> Iterator[Look]:
    """Make them, then tell who looks at what."""
    crowd, closed, silent = _make()
    reader, leader = eyes("patient", READER), eyes("facilitator", LEADER)
    for see in (reader, leader):
        for page in ("membership:people", "membership:group", "chat:room"):
            yield see(f"{page} crowd", crowd)
        yield see("home crowd")
        yield see("membership:groups crowd")
        yield see("chat:room closed", closed)
        yield see("membership:group closed", closed)
        yield see("chat:room silent", silent)
    yield reader("schedule:sessions silent", silent)
    yield reader("resources:posts silent", silent)
    yield reader("schedule:mine silent")
    yield leader("moderation:queue silent")


def _make() -> tuple[Any, Any, Any]:
    from django.utils import timezone

    from chat import actions
    from chat.models import Room, RoomState
    from groups.membership.models import Group, GroupRole, Membership, MembershipChange, State, Status
    from portal.accounts.models import Role, Standing, User
    from tests import cast

    now = timezone.now()
    reader = cast.person(LONG_NAME, at=now)
    leader = cast.person("The facilitator with a rather long name", role=Role.FACILITATOR, at=now)
    User.objects.filter(pk=reader.pk).update(email=READER)
    User.objects.filter(pk=leader.pk).update(email=LEADER)
    crowd = cast.group(LONG_GROUP, capacity=40, status=Status.OPEN, at=now)
    closed = cast.group("Closed for good", status=Status.CLOSED, at=now)
    silent = cast.group("Not a word yet", at=now)
    for group in (crowd, closed, silent):
        cast.stay(group, leader, role=GroupRole.FACILITATOR, at=now)
        cast.stay(group, reader, at=now)
    Group.objects.filter(pk=crowd.pk).update(purpose="A purpose of many words. " * 23)
    people = User.objects.bulk_create(
        User(
            email=f"crowd{number}@example.com",
            display_name=f"{LONG_NAME[: 4 + number % 33]} {number}",
            legal_name="Somebody",
            standing=Standing.APPROVED,
            created_at=now,
        )
        for number in range(MEMBERS)
    )
    long_ago = now - timedelta(days=20)
    stays = Membership.objects.bulk_create(
        Membership(group=crowd, user=one, state=State.ACTIVE, asked_at=long_ago, joined_at=long_ago) for one in people
    )
    MembershipChange.objects.bulk_create(
        MembershipChange(membership=stay, state=State.ACTIVE, role=stay.role, by=leader, at=long_ago) for stay in stays
    )
    for number in range(LINES):
        words = (
            LONG_WORD
            if number % 7 == 0
            else "A line that is as long as people write when they have time. " * (1 + number % 4)
        )
        at = now - timedelta(hours=2, seconds=-100 * number)
        actions.send(people[number % 9], crowd.room.public_id, key=uuid4(), body=words.strip(), at=at)
    actions.send(leader, closed.room.public_id, key=uuid4(), body="Thank you all.", at=now - timedelta(days=3))
    Room.objects.filter(group=closed).update(state=RoomState.READ_ONLY)
    return crowd, closed, silent


if __name__ == "__main__":
    tell(edges)
