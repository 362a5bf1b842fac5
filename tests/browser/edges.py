"""What the demo has none of: a group of 200, names as long as they may be, a closed room, a room without a word, a
shared picture, and somebody with a passkey, an app and recovery codes.

`python -m tests.browser.edges` adds these to a running portal's database and prints how they look; see walk.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.browser.looks import Look, eyes
from tests.browser.people import DEMO_PASSWORD
from tests.browser.walk import tell

MEMBERS, LINES = 200, 60
READER, LEADER, CAREFUL = "long.reader@example.org", "long.leader@example.org", "careful@example.org"
WITH_APP = "with.app@example.org"
LONG_NAME = "Wilhelmina-Featherstonehaugh of the hill"  # 40 characters, and a word of 28
LONG_GROUP = "A quiet group for everybodywhocametousthroughthelongestwaitinglistofall, Tuesday"
LONG_WORD = "https://example.org/" + "a-long-way-home-" * 12


def edges() -> Iterator[Look]:
    """Make them, then tell who looks at what."""
    crowd, closed, silent = _make()
    passkey = _add_factors()
    picture = _show_picture()
    reader, leader, careful = eyes("patient", READER), eyes("facilitator", LEADER), eyes("patient", CAREFUL)
    for see in (reader, leader):
        for page in ("membership:people", "membership:group", "chat:room"):
            yield see(f"{page} crowd", crowd)
        yield see("home crowd")
        yield see("membership:groups crowd")
        yield see("chat:room closed", closed)
        yield see("membership:group closed", closed)
        yield see("chat:room silent", silent)
    yield reader("chat:room picture", picture.room.group)
    yield reader("chat:message picture", picture.room, picture)
    for page in ("factors:security full", "factors:codes"):
        yield careful(page)
    for page in ("factors:name", "factors:removal"):
        yield careful(page, passkey)
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


def _show_picture() -> Any:
    """A message with a picture, and an answer to it."""
    from io import BytesIO

    from django.utils import timezone
    from PIL import Image

    from chat import actions, pictures
    from groups.membership.models import Group, GroupRole
    from portal.accounts.models import User
    from tests import cast

    now = timezone.now()
    group = cast.group("Walks by the lake", at=now)
    Group.objects.filter(pk=group.pk).update(pictures=True)
    reader, leader = (User.objects.get(email=email) for email in (READER, LEADER))
    cast.stay(group, leader, role=GroupRole.FACILITATOR, at=now)
    cast.stay(group, reader, at=now)
    file, lake = BytesIO(), Image.linear_gradient("L").resize((1200, 800))
    Image.merge("RGB", (lake.point(lambda it: 225 - it // 2), lake.point(lambda it: 190 - it // 3), lake)).save(
        file, "PNG"
    )
    file.seek(0)
    picture = pictures.fit(file, len(file.getvalue()), alt="The lake in the evening, quite flat")
    room, at = group.room.public_id, now - timedelta(hours=1)
    message = actions.send(leader, room, key=uuid4(), body="Where I was last night.", at=at, picture=picture)
    actions.send(reader, room, key=uuid4(), body="That looks calm.", at=at + timedelta(minutes=2))
    return message


def _add_factors() -> Any:
    """Somebody with a passkey, an app and recovery codes, and somebody with an app alone; the passkey's public id."""
    from django.utils import timezone

    from portal.accounts.factors import actions, queries
    from tests import cast

    now = timezone.now()
    careful, with_app = cast.person("Careful", at=now), cast.person("With app", at=now)
    with_app.set_password(DEMO_PASSWORD)
    with_app.save(update_fields=["password"])
    actions.add_passkey(careful, name="My phone", credential={}, here=None, at=now)  # it is never asked to sign in
    for person in (careful, with_app):
        actions.add_app(person, secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", counter=0, here=None, at=now)
    return queries.factors_of(careful).passkeys[0].id


if __name__ == "__main__":
    tell(edges)
