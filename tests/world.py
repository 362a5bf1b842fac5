"""One group with everything in it, and one person of each kind around it: what the permission matrix walks through."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

from chat import actions as chat
from chat.models import Picture, Room, RoomKind
from chat.pictures import Fitted, put
from groups.membership.models import GroupRole, State
from groups.moderation.models import Report, Sanction, Why
from groups.openings.models import Opening
from groups.resources.models import Post
from groups.schedule.models import Series, Session
from portal.accounts.models import Invitation, Role, Standing, User
from tests import cast
from tests.cast import NOW


@dataclass(frozen=True)
class World:
    """The people by what they are, and the ids by what an address calls them."""

    people: dict[str, User]
    ids: dict[str, Any]


def build(now=NOW) -> World:
    """A filled world, as of `now`."""
    group, other = cast.group(at=now), cast.group("Morning Light", at=now)
    people = {
        "waiting": cast.person("Wanda", standing=Standing.WAITING, at=now),
        "paused_account": cast.person("Petra", standing=Standing.PAUSED, at=now),
        "patient": cast.person("Sam", at=now),
        "asking": cast.person("Asha", at=now),
        "member": cast.person("Ben", at=now),
        "muted": cast.person("Mona", at=now),
        "paused": cast.person("Pia", at=now),
        "former": cast.person("Finn", at=now),
        "removed": cast.person("Rolf", at=now),
        "banned": cast.person("Bruno", at=now),
        "facilitator": cast.person("Amina", role=Role.FACILITATOR, at=now),
        "other_facilitator": cast.person("Dora", role=Role.FACILITATOR, at=now),
        "admin": cast.person("Eve", role=Role.ADMIN, at=now),
        "deactivated": cast.person("Dirk", standing=Standing.DEACTIVATED, at=now),
        "invited": cast.person("Ivan", standing=Standing.INVITED, at=now),
    }
    people["reading_admin"] = cast.person("Rhea", role=Role.ADMIN, at=now)
    Opening.objects.create(
        group=group,
        admin=people["reading_admin"],
        reason="A serious report.",
        opened_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(hours=1),
    )
    quiet = cast.person("Carla", at=now)
    request = cast.stay(group, people["asking"], state=State.ASKED, at=now)
    for name in ("member", "muted"):
        cast.stay(group, people[name], at=now)
    cast.stay(group, people["deactivated"], at=now)
    carla = cast.stay(group, quiet, at=now)
    for name, state in (
        ("paused", State.PAUSED),
        ("former", State.LEFT),
        ("removed", State.REMOVED),
        ("banned", State.BANNED),
    ):
        cast.stay(group, people[name], state=state, at=now)
    cast.stay(group, people["facilitator"], role=GroupRole.FACILITATOR, at=now)
    cast.stay(other, people["other_facilitator"], role=GroupRole.FACILITATOR, at=now)
    Sanction.objects.create(
        group=group,
        user=people["muted"],
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        by=people["facilitator"],
        reason="Too heated.",
    )
    series = Series.objects.create(
        group=group,
        title="Evening circle",
        starts_on=now.date(),
        wall_time=time(18),
        zone="America/New_York",
        place="Room 2",
        created_by=people["facilitator"],
        created_at=now,
    )
    session = Session.objects.create(
        group=group,
        series=series,
        occurs_on=now.date(),
        starts_at=now + timedelta(hours=6),
        ends_at=now + timedelta(hours=7),
        title="Evening circle",
        place="Room 2",
    )
    post = Post.objects.create(
        group=group, title="Before a visit", body="Eat lightly.", author=people["facilitator"], published_at=now
    )
    Room.objects.create(group=group, kind=RoomKind.BACK, created_at=now)
    message = chat.send(quiet, group.room.public_id, key=uuid4(), body="Hello from Carla", at=now)
    Picture.objects.create(
        message=message, name=put(Fitted(b"a picture", 1, 1, "")), width=1, height=1, alt="A picture"
    )
    report = Report.objects.create(
        group=group,
        kind="message",
        target_id=message.public_id,
        about=quiet,
        reporter=people["member"],
        why=Why.HURTFUL,
        opened_at=now,
    )
    invitation = Invitation.objects.create(
        email="ivy@example.org",
        token_hash="0" * 64,
        invited_by=people["admin"],
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    ids = {
        "invitation_id": invitation.public_id,
        "group_id": group.public_id,
        "room_id": group.room.public_id,
        "session_id": session.public_id,
        "series_id": series.public_id,
        "post_id": post.public_id,
        "report_id": report.public_id,
        "kind": "message",
        "target_id": message.public_id,
        "message_id": message.public_id,
        "membership_id": carla.public_id,
        "request_id": request.public_id,
        "person_id": quiet.public_id,
        "sign_in_id": nowhere(),
        "copy_id": nowhere(),
        "token": "no-such-token",
        "factor_id": nowhere(),
    }
    return World(people, ids)


def nowhere() -> UUID:
    """An id that belongs to nothing."""
    return uuid4()
