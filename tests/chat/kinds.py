"""One case for each kind of change: what somebody does so that it comes into the feed.

A kind without a case fails `test_fresh.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from chat import actions, changes
from chat.models import ChangeKind, Message, MessageState, ReactionKind, Room
from chat.rules import RoomRules
from chat.ruling import set_rules
from groups.membership import actions as membership
from groups.membership.models import Membership
from groups.moderation import actions as moderation
from portal.accounts.models import User
from tests import cast


@dataclass
class There:
    """A room with a past: ben said "one" and answered carla's "two"; amina runs it."""

    room: Room
    amina: User
    ben: User
    carla: User
    eve: User

    def say(self, who: User, body: str, *, at: datetime, reply_to: Message | None = None) -> Message:
        """Somebody says something."""
        answered = reply_to and reply_to.public_id
        return actions.send(who, self.room.public_id, key=uuid4(), body=body, at=at, reply_to=answered)

    def find(self, body: str) -> Message:
        """The message that said this at first."""
        return Message.objects.get(room=self.room, body=body)


def past(there: There, *, at: datetime) -> None:
    """What stands in the room before; "two" was changed and got a reaction already."""
    one = there.say(there.ben, "one", at=at)
    two = there.say(there.carla, "tow", at=at, reply_to=one)
    actions.edit(there.carla, there.room.public_id, two.public_id, body="two", at=at)
    _react(there, there.ben, ReactionKind.HOPE, True, at)
    there.say(there.ben, "three", at=at, reply_to=two)
    there.say(there.carla, "four", at=at)


def sent(there: There, at: datetime) -> None:
    there.say(there.carla, "*five* with a list:\n\n- a\n- b", at=at, reply_to=there.find("two"))
    there.say(there.ben, "six", at=at)


def edited(there: There, at: datetime) -> None:
    actions.edit(there.carla, there.room.public_id, there.find("two").public_id, body="two, **changed**", at=at)


def removed(there: There, at: datetime) -> None:
    actions.remove(there.carla, there.room.public_id, there.find("two").public_id, at=at)


def hidden(there: There, at: datetime) -> None:
    _moderate(there, moderation.hide, "two", at)


def shown(there: There, at: datetime) -> None:
    hidden(there, at)
    _moderate(there, moderation.show, "two", at)


def _moderate(there: There, deed: Callable[..., object], body: str, at: datetime) -> None:
    group, message = there.room.group.public_id, there.find(body).public_id
    deed(there.amina, group, "message", message, reason="Part of the test.", at=at)


def held(there: There, at: datetime) -> None:
    """Comes with the screen: until then as its rows will be."""
    Message.objects.filter(pk=there.find("two").pk).update(state=MessageState.HELD)
    with transaction.atomic():
        changes.record(changes.hold(pk=there.room.pk), ChangeKind.HELD, at=at, message=there.find("two"))


def reacted(there: There, at: datetime) -> None:
    _react(there, there.amina, ReactionKind.HOPE, True, at)
    _react(there, there.carla, ReactionKind.WITH_YOU, True, at)
    _react(there, there.ben, ReactionKind.HOPE, False, at)


def _react(there: There, who: User, kind: ReactionKind, on: bool, at: datetime) -> None:
    actions.react(who, there.room.public_id, there.find("two").public_id, kind=kind, on=on, at=at)


def room_changed(there: There, at: datetime) -> None:
    """A note is pinned, and members may write less often."""
    actions.pin(there.amina, there.room.public_id, there.find("two").public_id, on=True, at=at)
    set_rules(there.amina, there.room.public_id, rules=RoomRules(slow_seconds=30), at=at)


def joined(there: There, at: datetime) -> None:
    group, person = there.room.group.public_id, cast.person("Nadia").public_id
    membership.add_person(there.eve, group, person, role="member", at=at)


def left(there: There, at: datetime) -> None:
    joined(there, at)
    stay = Membership.objects.get(group=there.room.group, user__display_name="Nadia")
    membership.remove_member(there.amina, there.room.group.public_id, stay.public_id, reason="Rules.", at=at)


CASES: dict[ChangeKind, Callable[[There, datetime], None]] = {
    ChangeKind.SENT: sent,
    ChangeKind.EDITED: edited,
    ChangeKind.REMOVED: removed,
    ChangeKind.HIDDEN: hidden,
    ChangeKind.SHOWN: shown,
    ChangeKind.HELD: held,
    ChangeKind.REACTION: reacted,
    ChangeKind.ROOM: room_changed,
    ChangeKind.JOINED: joined,
    ChangeKind.LEFT: left,
}
