"""What a step of the feed says, as it is read from the rows and handed to pages and sockets. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chat.models import ChangeKind, MessageState


@dataclass(frozen=True, slots=True)
class Quote:
    """The message a reply answers. Its text is there only while everybody may see it."""

    id: UUID
    name: str
    excerpt: str


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

    @property
    def is_held(self) -> bool:
        """Only its author and the facilitators see it."""
        return self.state == MessageState.HELD


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as others see them."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a room, with the message it is about as that message is now."""

    seq: int
    kind: ChangeKind
    at: datetime
    who: Who | None
    said: Said | None


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of the feed, and where the room stood just after it was read."""

    steps: list[Step]
    head: int
    version: int
