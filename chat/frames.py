"""What the server sends: each change is written once for everybody, and once more where somebody sees more of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from chat.feed import Quote, Said, Step
from chat.mentions import html_of
from chat.models import ChangeKind, MessageState
from chat.wire import text_frame
from groups.access import Can
from groups.rights import Rights
from groups.sight import EVERYTHING, Sight
from portal.accounts.models import User

COMING_AND_GOING = (ChangeKind.JOINED, ChangeKind.LEFT)


class Frame(dict[str, Any]):
    """An ASGI event with a text: made once, handed to many sockets."""

    __slots__ = ("_wire",)

    def __init__(self, text: str) -> None:
        super().__init__(type="websocket.send", text=text)
        self._wire = b""

    @property
    def wire(self) -> bytes:
        """The same as the bytes that travel."""
        self._wire = self._wire or text_frame(self["text"])
        return self._wire


def encode(op: str, **fields: Any) -> Frame:
    """A frame, ready to be sent. Ids become text by themselves."""
    return Frame(orjson.dumps({"op": op, **fields}).decode())


class Framed:
    """A change as frames: its author’s carries the key, a held message is whole for author and facilitators only.

    Who must not see all of it gets less; that is written once for all who see the same.
    """

    __slots__ = ("_room", "_step", "_texts", "author_pk", "event", "held", "oldest", "people", "seq", "size")

    def __init__(self, room: str, step: Step) -> None:
        said = step.said
        self._room = room
        self._step = step
        self._texts: dict[object, Frame] = {}
        self.seq = step.seq
        self.author_pk = said.author_pk if said else None
        self.held = said is not None and said.is_held
        self.oldest = step.oldest
        self.people = step.people
        self.event = self._event("anybody")
        self.size = len(self.event.wire)

    def for_author(self) -> Frame:
        """What the person who wrote it gets: what everybody gets, and at its end the key."""
        said = self._step.said
        if said is None or self.held:
            return self._event("author")
        if "author" not in self._texts:
            # The frame ends with its message.
            self._texts["author"] = Frame(f'{self.event["text"][:-2]},"key":"{said.key}"}}}}')
        return self._texts["author"]

    def for_facilitator(self) -> Frame:
        """What a facilitator gets."""
        return self._event("facilitator" if self.held else "anybody")

    def is_whole_for(self, sight: Sight) -> bool:
        """Whether this reader may see all it tells of; nearly always."""
        return (sight.since is None or self.oldest >= sight.since) and (
            not sight.hidden or self.people.isdisjoint(sight.hidden)
        )

    def for_sight(self, sight: Sight, reader: str = "anybody") -> Frame:
        """What a reader gets who sees less."""
        return self._event(reader, sight)

    def _event(self, reader: str, sight: Sight = EVERYTHING) -> Frame:
        # Everybody for whom the same is missing gets the same bytes.
        step, since, missing = self._step, sight.since, self.people & sight.hidden
        early = since is not None and (step.said.sent_at if step.said else step.at) < since
        variant = (reader, early, since is not None and self.oldest < since, missing)
        if variant not in self._texts:
            self._texts[variant] = encode("change", **change(self._room, step, reader, sight))
        return self._texts[variant]


def change(room: str, step: Step, reader: str = "anybody", sight: Sight = EVERYTHING) -> dict[str, Any]:
    """One step of the feed for an author, a facilitator or anybody, as far as they see."""
    fields: dict[str, Any] = {"room": room, "seq": step.seq, "kind": step.kind, "at": moment(step.at)}
    if step.said is not None:
        said = step.said.seen_by(sight)
        fields["message"] = withheld(step.said) if said is None else message(said, reader)
    elif step.who is not None and step.kind in COMING_AND_GOING and sight.sees(step.who.pk, step.at):
        fields["who"] = {"id": step.who.id, "name": step.who.name}
        if step.who.name.startswith(User.FORMER):
            fields["who"]["gone"] = True  # the name they had stands nowhere any more
    return fields


def message(said: Said, reader: str = "anybody") -> dict[str, Any]:
    """A message as it is now. Who may not see a held one learns its number and no more."""
    if said.is_held and reader == "anybody":
        return withheld(said)
    shown: dict[str, Any] = {
        "id": said.id,
        "seq": said.seq,
        "author": {"id": said.author, "name": said.name},
        "sent_at": moment(said.sent_at),
        "edited_at": moment(said.edited_at),
        "reply_to": quote(said.reply),
        "state": said.state,
        "body": said.body,
        "html": html_of(said.body, said.named) if said.body else "",
    }
    if said.reactions:
        shown["reactions"] = [
            {"kind": one.kind, "people": [{"id": who.id, "name": who.name} for who in one.people]}
            for one in said.reactions
        ]
    if said.picture is not None:
        shot = said.picture
        shown["picture"] = {"width": shot.width, "height": shot.height, "alt": shot.alt}
    if said.pinned:
        shown["pinned"] = True
    return {**shown, "key": said.key} if reader == "author" else shown


def withheld(said: Said) -> dict[str, Any]:
    """A message that this reader must not see. One that was on the page leaves it."""
    return {"id": said.id, "seq": said.seq, "state": MessageState.HELD}


def quote(reply: Quote | None) -> dict[str, Any] | None:
    """What a message answers."""
    return {"id": reply.id, "name": reply.name, "excerpt": reply.excerpt} if reply else None


def moment(at: datetime | None) -> str | None:
    """A moment as a browser reads it."""
    return at.isoformat() if at else None


def may(rights: Rights, *, can_read: bool, can_write: bool) -> list[str]:
    """A person's capabilities in a room, in the client's words."""
    words = {"read": can_read, "write": can_write, "moderate": rights.can(Can.MODERATE)}
    return [word for word, granted in words.items() if granted]


def topic_id(topic: str) -> UUID:
    """The id in a topic such as room.<id>."""
    return UUID(topic.partition(".")[2])
