"""The people of the measurement, their groups and sessions, and a long history: in bulk, in a database thrown away."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench.chatting.models import TextbookMessage
from chat.models import Room
from groups.membership.models import Group, Membership, Site, State, Status
from portal.accounts.models import SignIn, Standing, User
from portal.accounts.sessions import SessionStore

PIECE = 50_000  # messages a statement


@dataclass(frozen=True)
class Crowd:
    """Rooms full of signed-in people: by room, the session keys of who is in it."""

    name: str
    rooms: dict[UUID, list[str]]

    @property
    def sockets(self) -> int:
        return sum(len(sessions) for sessions in self.rooms.values())


@transaction.atomic
def gather(name: str, *, rooms: int, size: int) -> Crowd:
    """Approved people with sessions of their own, each an active member of one group."""
    now = timezone.now()
    site, _ = Site.objects.get_or_create(name="Bench", defaults={"address": "1 Long Road"})
    groups = Group.objects.bulk_create(
        Group(name=f"{name} {place}", purpose="To be measured.", site=site, status=Status.OPEN, created_at=now)
        for place in range(rooms)
    )
    made = Room.objects.bulk_create(Room(group=group, created_at=now) for group in groups)
    password = make_password(get_random_string(20))
    people = User.objects.bulk_create(
        User(
            email=f"{name}.{place}@example.org".replace(" ", "."),
            display_name=f"{name} person {place}",
            password=password,
            standing=Standing.APPROVED,
            created_at=now,
        )
        for place in range(rooms * size)
    )
    Membership.objects.bulk_create(
        Membership(
            group=groups[place // size],
            user=person,
            state=State.ACTIVE,
            asked_at=now - timedelta(days=30),
            joined_at=now - timedelta(days=30),
        )
        for place, person in enumerate(people)
    )
    keys = _sign_in(people)
    return Crowd(name, {room.public_id: keys[place * size : (place + 1) * size] for place, room in enumerate(made)})


def _sign_in(people: list[User]) -> list[str]:
    """Sessions as signing in leaves them."""
    now, store = timezone.now(), SessionStore()
    later = now + timedelta(days=1)
    sessions = [
        Session(
            session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=later,
        )
        for person in people
    ]
    Session.objects.bulk_create(sessions)
    SignIn.objects.bulk_create(
        SignIn(session=session, person=person, device="Bench", started_at=now, used_at=now, idle=86400, ends_at=later)
        for session, person in zip(sessions, people, strict=True)
    )
    return [session.session_key for session in sessions]


def heads(crowd: Crowd) -> dict[UUID, int]:
    """Where each room's feed stands."""
    return dict(Room.objects.filter(public_id__in=crowd.rooms).values_list("public_id", "head_seq"))


_SAY = """
WITH r AS (SELECT r.id, r.head_seq, array_agg(m.user_id ORDER BY m.user_id) AS people
             FROM chat_room r JOIN groups_membership m ON m.group_id = r.group_id
            WHERE r.public_id = %(room)s GROUP BY r.id),
said AS (
    INSERT INTO chat_message (public_id, room_id, seq, author_id, key, digest, body, state, sent_at)
    SELECT gen_random_uuid(), r.id, r.head_seq + n, r.people[1 + n %% cardinality(r.people)], gen_random_uuid(),
           sha256(convert_to(n::text, 'UTF8')), 'Number ' || n || ' of a long history of kind words.', 'shown',
           %(at)s - make_interval(secs => %(most)s - n)
      FROM r, generate_series(1, %(most)s) AS n
    RETURNING id, room_id, seq, author_id, sent_at
), noted AS (
    INSERT INTO chat_change (room_id, seq, kind, message_id, actor_id, at)
    SELECT room_id, seq, 'message.sent', id, author_id, sent_at FROM said RETURNING room_id, seq
)
UPDATE chat_room r SET head_seq = n.head FROM (SELECT room_id, max(seq) AS head FROM noted GROUP BY room_id) n
 WHERE r.id = n.room_id
"""
_SAY_TEXTBOOK = f"""
INSERT INTO {TextbookMessage._meta.db_table} (room, author_id, body, sent_at)
SELECT %(room)s, (SELECT min(id) FROM portal_user), 'Number ' || n || ' of a long history of kind words.', %(at)s
  FROM generate_series(1, %(most)s) AS n
"""  # noqa: S608 (our own table's name)


def talk_for_years(crowd: Crowd, messages: int) -> None:
    """Store this many messages, spread over the rooms, in the portal's tables and in the textbook's."""
    share = -(-messages // len(crowd.rooms))
    for room in crowd.rooms:
        for begun in range(0, share, PIECE):
            values: dict[str, Any] = {"room": room, "most": min(PIECE, share - begun), "at": timezone.now()}
            with connection.cursor() as cursor:
                cursor.execute(_SAY, values)
                cursor.execute(_SAY_TEXTBOOK, {**values, "room": str(room)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
