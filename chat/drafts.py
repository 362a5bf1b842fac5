"""A message from the wish to say it to the step of the feed it becomes. Plain values."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from chat.feed import Quote, Said
from chat.mentions import Named, as_called_now
from chat.models import MessageState
from chat.rows import HeldRoom, Key
from chat.standing import Identity
from groups.rights import Rights
from portal.errors import Refusal


@dataclass(slots=True)
class Send:
    """What somebody wants to say."""

    who: Identity
    room: UUID
    key: UUID
    body: str
    reply_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer: the message and its number."""

    seq: int
    message: UUID


Outcome = Sent | Refusal | None


@dataclass(frozen=True, slots=True)
class Settled:
    """For each send its outcome, None where the room was busy; and the rooms that have new steps."""

    outcomes: list[Outcome]
    rooms: list[HeldRoom]


@dataclass(slots=True)
class Draft:
    """A send that has passed the door."""

    place: int
    send: Send
    room: HeldRoom
    rights: Rights
    body: str
    reply_pk: int | None = None
    reply: Quote | None = None
    named: tuple[Named, ...] = ()

    @property
    def key(self) -> Key:
        return self.room.pk, self.send.who.user_pk, self.send.key

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.body.encode()).digest()

    def said(self, seq: int, at: datetime) -> Said:
        """The message it becomes once it has a number."""
        return Said(
            id=uuid4(),
            seq=seq,
            key=self.send.key,
            author_pk=self.send.who.user_pk,
            author=self.send.who.person,
            name=self.send.who.name,
            sent_at=at,
            edited_at=None,
            reply=self.reply,
            state=MessageState.SHOWN,
            body=as_called_now(self.body, self.named),
            named=self.named,
        )
