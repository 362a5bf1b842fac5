"""The rooms of the demo: what was said, numbered in the order of time, and how far people have read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256

from chat.models import Change, ChangeKind, Message, MessageState, Reaction, ReactionKind, ReadMark, Room, RoomKind
from groups.membership.models import Membership, State
from portal.accounts.models import User
from portal.demo import content
from portal.demo.clock import Clock
from portal.demo.groups import Circle
from portal.demo.names import luck, opaque_id
from portal.demo.people import People

UNREAD = {("Juniper", "infusion"): 6, ("Juniper", "newcomers"): 3, ("Rosa", "ptsd"): 2, ("Rosa", "infusion"): 4}


@dataclass
class Said:
    """A line of the texts and the message it became."""

    line: content.Line
    message: Message
    answers: Message | None
    hidden_at: datetime | None = None
    reactions: list[Reaction] = field(default_factory=list)


def make_rooms(clock: Clock, circles: dict[str, Circle], people: People) -> dict[str, list[Said]]:
    """Rooms, messages, the feed and the read marks, by the group's key."""
    rooms = {
        key: Room(public_id=opaque_id("room", key), group=circle.group, created_at=circle.group.created_at)
        for key, circle in circles.items()
    }
    backs = {
        key: Room(
            public_id=opaque_id("back room", key),
            group=circle.group,
            kind=RoomKind.BACK,
            created_at=circle.group.created_at,
        )
        for key, circle in circles.items()
    }
    Room.objects.bulk_create([*rooms.values(), *backs.values()])
    said = {key: _said(key, rooms[key], content.conversation(key), clock, people) for key in circles}
    aside = {key: _said(f"{key} back", backs[key], content.aside(key), clock, people) for key in circles}
    changes = [change for key, circle in circles.items() for change in _feed(rooms[key], circle, said[key], people)]
    changes += [change for key, circle in circles.items() for change in _feed(backs[key], circle, aside[key], people)]
    every = [one for rows in (said, aside) for several in rows.values() for one in several]
    Message.objects.bulk_create(one.message for one in every)
    Reaction.objects.bulk_create(given for one in every for given in one.reactions)
    _reply(every)
    Change.objects.bulk_create(changes)
    Room.objects.bulk_update([*rooms.values(), *backs.values()], ["head_seq", "membership_version"])
    ReadMark.objects.bulk_create(
        mark for key, circle in circles.items() for mark in _marks(rooms[key], circle, said[key], clock)
    )
    ReadMark.objects.bulk_create(
        ReadMark(room=room, user=person, seq=room.head_seq, at=clock.now)
        for key, room in backs.items()
        for person in circles[key].facilitators
    )
    return said


def _said(key: str, room: Room, lines: list[content.Line], clock: Clock, people: People) -> list[Said]:
    said: list[Said] = []
    of_line: dict[int, Message] = {}
    last = room.created_at
    for number, line in enumerate(lines):
        last = max(_moment(line, clock) + timedelta(seconds=luck(50, key, number)), last + timedelta(seconds=4))
        message = Message(
            public_id=opaque_id("message", key, number),
            room=room,
            author=people[line.who],
            key=opaque_id("key", key, number),
            digest=sha256(line.text.encode()).digest(),
            body=line.text,
            sent_at=last,
        )
        of_line[id(line)] = message
        said.append(Said(line, message, of_line[id(line.answers)] if line.answers else None))
    for place, one in enumerate(said):
        if place == 0 and not room.is_back:  # the welcome: whoever opened the room pinned it
            one.message.pinned_at, one.message.pinned_by = (
                one.message.sent_at + timedelta(minutes=2),
                one.message.author,
            )
        if one.line.hidden:
            one.hidden_at = _hidden_at(one.line.hidden.by, said[place + 1 :])
            one.message.state = MessageState.HIDDEN
        one.reactions = list(_reactions(one, clock, people))
    return said


def _reactions(one: Said, clock: Clock, people: People) -> Iterator[Reaction]:
    """Within the next hours; whoever reacts has read it by now."""
    for words, names in one.line.reactions:
        for name in names:
            at = one.message.sent_at + timedelta(minutes=1 + luck(200, name, words, one.message.public_id))
            kind = _REACTIONS[words]
            yield Reaction(message=one.message, user=people[name], kind=kind, at=min(at, clock.now))


_REACTIONS = {kind.label.lower(): kind for kind in ReactionKind}


def _reply(said: Iterable[Said]) -> None:
    """Answers are added once the messages they belong to have been written."""
    replies = [one for one in said if one.answers]
    for one in replies:
        one.message.reply_to = one.answers
    Message.objects.bulk_update([one.message for one in replies], ["reply_to"])


def _moment(line: content.Line, clock: Clock) -> datetime:
    kind, days, hours, minutes = line.when
    if kind == "now":
        return clock.ago(hours, minutes)
    return clock.at(days, time(hours, minutes))


def _hidden_at(by: str, later: list[Said]) -> datetime:
    """Just before the facilitator said so in the room."""
    told = next(one for one in later if one.line.who == by)
    return told.message.sent_at - timedelta(minutes=3)


def _feed(room: Room, circle: Circle, said: list[Said], people: People) -> list[Change]:
    """Everything that happened in the room, numbered from 1 in the order of time. A back room tells of no stays."""
    happened: list[tuple[datetime, ChangeKind, User, Message | None]] = []
    for step in () if room.is_back else circle.steps:
        kind = _KINDS.get(State(step.state))
        if kind is not None:
            happened.append((step.at, kind, step.membership.user, None))
    room.membership_version = len(happened)
    for one in said:
        happened.append((one.message.sent_at, ChangeKind.SENT, one.message.author, one.message))
        if one.line.hidden and one.hidden_at:
            happened.append((one.hidden_at, ChangeKind.HIDDEN, people[one.line.hidden.by], one.message))
            room.membership_version += 1  # the mute that came with it
        if one.message.pinned_at:
            happened.append((one.message.pinned_at, ChangeKind.ROOM, one.message.author, one.message))
        for given in one.reactions:
            happened.append((given.at, ChangeKind.REACTION, given.user, one.message))
    happened.sort(key=lambda happening: happening[0])
    changes = []
    for seq, (at, kind, actor, message) in enumerate(happened, start=1):
        changes.append(Change(room=room, seq=seq, kind=kind, message=message, actor=actor, at=at))
        if message is not None and kind == ChangeKind.SENT:
            message.seq = seq
    room.head_seq = len(changes)
    return changes


_KINDS = {State.ACTIVE: ChangeKind.JOINED, State.LEFT: ChangeKind.LEFT, State.PAUSED: ChangeKind.LEFT}


def _marks(room: Room, circle: Circle, said: list[Said], clock: Clock) -> list[ReadMark]:
    return [_mark(room, circle, said, stay) for stay in circle.present(clock.now)]


def _mark(room: Room, circle: Circle, said: list[Said], stay: Membership) -> ReadMark:
    """Some have read everything, some are a few messages behind, nobody behind what they wrote themselves."""
    name = stay.user.display_name
    behind = UNREAD.get((name, circle.key), max(0, luck(12, name, circle.key) - 6))
    own = max((place for place, one in enumerate(said) if one.line.who == name), default=0)
    read = said[max(own, len(said) - 1 - behind)].message
    seq = room.head_seq if behind == 0 else read.seq
    return ReadMark(room=room, user=stay.user, seq=seq, at=max(read.sent_at, stay.joined_at or read.sent_at))
