"""What a step of the feed says, as it is read from the rows and handed to pages and sockets. Plain values."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chat.mentions import Named
from chat.models import ChangeKind, MessageState, ReactionKind
from groups.sight import Sight


@dataclass(frozen=True, slots=True)
class Quote:
    """The message a reply answers. Its text is there only while everybody may see it."""

    id: UUID
    author_pk: int
    name: str
    sent_at: datetime
    excerpt: str


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as others see them."""

    pk: int
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """One kind of reaction to a message, and whose they are, the earliest first."""

    kind: ReactionKind
    people: tuple[Who, ...]

    def without(self, hidden: frozenset[int]) -> "Reacted":
        """Less the reactions of these people."""
        return Reacted(self.kind, tuple(who for who in self.people if who.pk not in hidden))


@dataclass(frozen=True, slots=True)
class Shot:
    """The picture of a message."""

    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it is now. The body is empty once it was hidden or removed."""

    id: UUID
    seq: int
    key: UUID
    author_pk: int
    author: UUID
    name: str
    sent_at: datetime
    edited_at: datetime | None
    reply: Quote | None
    state: MessageState
    body: str
    reactions: tuple[Reacted, ...] = ()
    pinned: bool = False
    named: tuple[Named, ...] = ()
    picture: Shot | None = None

    @property
    def is_held(self) -> bool:
        """Only its author and the facilitators see it."""
        return self.state == MessageState.HELD

    def seen_by(self, sight: Sight) -> "Said | None":
        """As this reader may see it: without what it answers and whose reactions they must not see, or not at all."""
        if not sight.sees(self.author_pk, self.sent_at):
            return None
        seen = self
        if self.reply is not None and not sight.sees(self.reply.author_pk, self.reply.sent_at):
            seen = replace(seen, reply=None)
        if self.reactions and sight.hidden:
            left = [one.without(sight.hidden) for one in self.reactions]
            seen = replace(seen, reactions=tuple(one for one in left if one.people))
        return seen


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a room, with the message it is about as that message is now."""

    seq: int
    kind: ChangeKind
    at: datetime
    who: Who | None
    said: Said | None

    @property
    def oldest(self) -> datetime:
        """The earliest moment it tells of."""
        moments = [self.at]
        if self.said is not None:
            moments.append(self.said.sent_at)
            if self.said.reply is not None:
                moments.append(self.said.reply.sent_at)
        return min(moments)

    @property
    def people(self) -> frozenset[int]:
        """Everybody it tells of, by row id."""
        found = set() if self.who is None else {self.who.pk}
        if self.said is not None:
            found.add(self.said.author_pk)
            if self.said.reply is not None:
                found.add(self.said.reply.author_pk)
            found.update(who.pk for one in self.said.reactions for who in one.people)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of the feed, and where the room stood just after it was read."""

    steps: list[Step]
    head: int
    version: int
