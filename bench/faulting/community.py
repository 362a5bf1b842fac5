"""The people of the run, what befalls some of them, and what the database holds at the end. Blocking, on one thread."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone

from bench.chatting.people import gather
from chat.models import Change, Message, MessageState, Room
from groups.membership import actions as membership
from groups.membership.models import GroupRole, Membership
from groups.moderation import actions as moderation
from portal.accounts import actions as accounts
from portal.accounts.models import Role, SignIn, Standing, User
from portal.accounts.sessions import SessionStore

Told = dict[str, Any]
REASON = "Part of the plan."
WORDS = "words-nobody-else-may-see"  # in every message; never in a log and never in Valkey


@dataclass(frozen=True)
class Somebody:
    """A member with a session."""

    user: User
    room: Room
    session: str


class Community:
    """Rooms of people. The first of each room facilitates it and stays."""

    def __init__(self, *, rooms: int, size: int) -> None:
        self.members: list[Somebody] = []
        self.admin = User.objects.create(
            email="admin@example.org",
            display_name="Admin",
            role=Role.ADMIN,
            standing=Standing.APPROVED,
            created_at=timezone.now(),
        )
        self.facilitators: dict[UUID, User] = {}
        for room_id, sessions in gather("faults", rooms=rooms, size=size).rooms.items():
            room = Room.objects.select_related("group").get(public_id=room_id)
            for session in sessions:
                user = SignIn.objects.select_related("person").get(session_id=session).person
                self.members.append(Somebody(user, room, session))
            self._let_facilitate(room, self.members[-size].user)

    def _let_facilitate(self, room: Room, user: User) -> None:
        User.objects.filter(pk=user.pk).update(role=Role.FACILITATOR)
        Membership.objects.filter(group=room.group, user=user).update(role=GroupRole.FACILITATOR)
        self.facilitators[room.public_id] = User.objects.get(pk=user.pk)

    def is_facilitator(self, somebody: Somebody) -> bool:
        """Whether this is who runs the room."""
        return self.facilitators[somebody.room.public_id] == somebody.user

    # What befalls somebody. Each tells from which number on they may hear nothing.

    def befall(self, deed: str, somebody: Somebody) -> Told:
        """Do it in its own transaction; raises as the database does."""
        return _DEEDS[deed](self, somebody)

    def remove(self, somebody: Somebody) -> Told:
        """Their stay ends."""
        return self._end_stay(somebody, membership.remove_member)

    def ban(self, somebody: Somebody) -> Told:
        """Their stay ends for good."""
        return self._end_stay(somebody, membership.ban_member)

    def _end_stay(self, somebody: Somebody, deed: Callable[..., Any]) -> Told:
        actor, group = self.facilitators[somebody.room.public_id], somebody.room.group
        stay = Membership.objects.filter(group=group, user=somebody.user, state="active").first()
        if stay is not None:  # else it was done before, and only the answer was lost
            deed(actor, group.public_id, stay.public_id, reason=REASON, at=timezone.now())
        left = Change.objects.filter(room=somebody.room, kind="member.left", actor=somebody.user).latest("seq")
        return {"person": somebody.user.public_id, "room": somebody.room.public_id, "from": left.seq}

    def mute(self, somebody: Somebody) -> Told:
        """They may read and not write."""
        actor, group = self.facilitators[somebody.room.public_id], somebody.room.group
        stay = Membership.objects.get(group=group, user=somebody.user, state="active")
        moderation.mute(actor, group.public_id, stay.public_id, minutes=60, reason=REASON, at=timezone.now())
        return {"person": somebody.user.public_id, "muted": self._head(somebody.room)}

    def end_session(self, somebody: Somebody) -> Told:
        """As signing out somewhere else does."""
        SessionStore(somebody.session).delete()
        return {"session": somebody.session, "room": somebody.room.public_id, "from": self._head(somebody.room) + 1}

    def deactivate(self, somebody: Somebody) -> Told:
        """The account is closed."""
        if User.objects.get(pk=somebody.user.pk).standing != Standing.DEACTIVATED:
            accounts.deactivate(self.admin, somebody.user.public_id, reason=REASON, at=timezone.now())
        person, room = somebody.user.public_id, somebody.room
        return {"person": person, "room": room.public_id, "from": self._head(room) + 1}

    def _head(self, room: Room) -> int:
        """What is committed after this moment has a higher number."""
        return Room.objects.values_list("head_seq", flat=True).get(pk=room.pk)

    def sign_in(self, somebody: Somebody) -> Somebody:
        """Again, after their session has ended."""
        session = SessionStore()
        session[SESSION_KEY] = str(somebody.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = somebody.user.get_session_auth_hash()
        session.create()
        session.save()
        assert session.session_key is not None
        return Somebody(somebody.user, somebody.room, session.session_key)

    # What is so

    def heads(self) -> dict[str, int]:
        """Where each room stands."""
        return {str(room): head for room, head in Room.objects.values_list("public_id", "head_seq")}

    def drawn(self, room: Room) -> tuple[int, dict[str, list[str]]]:
        """A page as it would be drawn now: its number, and the messages with state and words."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            head = self._head(room)
            rows = Message.objects.filter(room=room).values_list("public_id", "state", "body")
            return head, {str(id): [state, body if state == MessageState.SHOWN else ""] for id, state, body in rows}

    def log(self) -> Told:
        """The feed of every room and what stands in it."""
        changes = Change.objects.order_by("room", "seq").values_list(
            "room__public_id", "seq", "kind", "message__public_id", "message__key", "message__author__public_id"
        )
        return {
            "heads": self.heads(),
            "changes": [[str(value) if isinstance(value, UUID) else value for value in row] for row in changes],
            "drawn": {str(room.public_id): self.drawn(room)[1] for room in Room.objects.all()},
        }


_DEEDS: dict[str, Callable[[Community, Somebody], Told]] = {
    "remove": Community.remove,
    "ban": Community.ban,
    "mute": Community.mute,
    "end session": Community.end_session,
    "deactivate": Community.deactivate,
}
