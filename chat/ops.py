"""What each frame of a client does. Every one looks again at session, account and membership where it acts."""

import asyncio
import math
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from chat import actions, marking, protocol
from chat.drafts import Outcome, Send, Sent
from chat.hub import Hub
from chat.lookups import Place
from chat.reading import Mark
from chat.refusals import RoomClosed, TryAgain
from chat.sockets import Socket
from chat.standing import Ended
from chat.threads import run
from portal.accounts.models import User
from portal.errors import Refusal, TooMany

AT_ONCE = 32  # sends of one socket that may wait for their commit


class Conversation:
    """One socket's frames, handled one after the other; sends may overlap."""

    def __init__(self, hub: Hub, socket: Socket) -> None:
        self.hub = hub
        self.socket = socket
        self._waiting = 0
        self._room_for_more = asyncio.Event()
        self._used_at = -math.inf
        self._reading: asyncio.Future[Any] | None = None  # the last mark that was sent to be kept

    async def handle(self, frame: protocol.Frame) -> None:
        """Do what the frame asks, and answer it."""
        if isinstance(frame, DEEDS):
            self._is_used()
        await _DO[type(frame)](self, frame)

    async def hello(self, frame: protocol.Hello) -> None:
        """Say what there is, then bring each room the page shows up to date."""
        places = await self._places()
        if places is None:
            return
        epoch = await self.hub.know_epoch()
        rooms = {
            str(id): {"head": place.room.head, "may": place.rights.may, "unread": place.room.unread}
            for id, place in places.items()
        }
        welcome = {"epoch": epoch, "you": str(self.socket.who.person), "beat_every": self.hub.beat_every}
        self.socket.put("welcome", **welcome, rooms=rooms)
        self.socket.marks = {str(id): place.room.mark for id, place in places.items()}
        for room, seen in frame.rooms.items():
            if frame.epoch not in (None, epoch):
                self.socket.put("reset", room=str(room))
            else:
                self._join("hello", room, seen, places)

    async def since(self, frame: protocol.Since) -> None:
        """Send again what came after a number."""
        places = await self._places()
        if places is not None:
            self._join("since", frame.room, frame.seq, places)

    async def send(self, frame: protocol.Say) -> None:
        """Keep a message; the answer comes after its commit."""
        while self._waiting >= AT_ONCE:
            self._room_for_more.clear()
            await self._room_for_more.wait()
        self._waiting += 1
        send = Send(self.socket.who, frame.room, frame.key, frame.body, frame.reply_to)
        self.hub.writer.send(send, lambda outcome: self._sent(send, outcome))

    async def edit(self, frame: protocol.Edit) -> None:
        """Change one's own words."""
        await self._act("edit", frame, actions.edit, frame.room, frame.message, body=frame.body)

    async def remove(self, frame: protocol.Remove) -> None:
        """Take one's own message back."""
        await self._act("remove", frame, actions.remove, frame.room, frame.message)

    async def read(self, frame: protocol.Read) -> None:
        """Keep how far the person has read."""
        self._reading = self.hub.marks.ask(Mark(self.socket.who, frame.room, frame.seq))
        self._reading.add_done_callback(self._marked)

    async def unread(self, frame: protocol.Unread) -> None:
        """Let the person find the room new again from here; all their devices hear of it."""

        def act() -> None:
            user = User.objects.get(pk=self.socket.who.user_pk)
            marking.mark_unread(user, frame.room, seq=frame.seq, at=timezone.now(), session=self.socket.who)

        if self._reading is not None:  # marks are kept in rounds; one sent before this must not undo it after
            await asyncio.wait([self._reading])
        try:
            await run(act)
        except Refusal as refusal:
            self._shut("unread", refusal)
        except (OperationalError, InterfaceError):
            pass  # nothing is lost: it stays as it was

    async def beat(self, frame: protocol.Beat) -> None:
        """Note what the page has shown."""
        self.socket.answers = 0
        for room, seq in frame.seen.items():
            self.hub.confirm(self.socket, str(room), seq)

    async def react(self, frame: protocol.React) -> None:
        """Put a reaction on a message, or take it back."""
        await self._act("react", frame, actions.react, frame.room, frame.message, kind=frame.kind, on=frame.on)

    async def typing(self, frame: protocol.Typing) -> None:
        """Let the others see that the person writes, if they chose to show it. Nobody waits for an answer."""
        self.hub.here.types(self.socket, str(frame.room))

    def _is_used(self) -> None:
        """The person does something: their session lasts on. Said once a minute, and no loss if it is not kept."""
        now = asyncio.get_running_loop().time()
        if self.socket.who.session is not None and now - self._used_at >= settings.SESSIONS["NOTED"]:
            self._used_at = now
            self.hub.uses.ask(self.socket.who.session).add_done_callback(_heard)

    async def _places(self) -> dict[UUID, Place] | None:
        places = await self.hub.places.ask(self.socket.who)
        if isinstance(places, Ended):
            self.socket.close(places.close)
            return None
        return None if self.socket.closing else places

    def _join(self, op: str, room: UUID, seen: int, places: dict[UUID, Place]) -> None:
        if room in places:
            self.hub.seat(self.socket, places[room], seen)
        else:
            if (live := self.hub.rooms.get(str(room))) is not None:
                live.drop(self.socket)
            self.socket.put("closed", room=str(room), code="not_in_room")
            self._shut(op, RoomClosed())

    def _sent(self, send: Send, outcome: Outcome) -> None:
        self._waiting -= 1
        self._room_for_more.set()
        if isinstance(outcome, Sent):
            self._ok(send.room, send.key, outcome.seq, outcome.message)
        elif isinstance(outcome, Refusal):
            self._refuse("send", outcome, key=send.key, room=send.room)

    async def _act(
        self,
        op: str,
        frame: protocol.Edit | protocol.Remove | protocol.React,
        action: Callable[..., Any],
        *ids: UUID,
        **values: Any,
    ) -> None:
        def act() -> Any:
            user = User.objects.get(pk=self.socket.who.user_pk)
            return action(user, *ids, **values, at=timezone.now(), session=self.socket.who)

        try:
            change = await run(act)
        except Refusal as refusal:
            self._refuse(op, refusal, key=frame.key, room=frame.room)
        except (OperationalError, InterfaceError):
            self._refuse(op, TryAgain(retry_after=2.0), key=frame.key, room=frame.room)
        else:
            self._ok(frame.room, frame.key, change.seq, frame.message)

    def _marked(self, done: "asyncio.Future[Any]") -> None:
        """A mark that was not kept is no loss: the page sends the next one."""
        if not done.cancelled() and done.exception() is None and isinstance(done.result(), Refusal):
            self._shut("read", done.result())

    def _ok(self, room: UUID, key: UUID, seq: int, message: UUID) -> None:
        self.socket.put("ok", key=str(key), room=str(room), seq=seq, message=str(message))

    def _refuse(self, op: str, refusal: Refusal, *, key: UUID, room: UUID) -> None:
        fields = refusal.as_frame(key=str(key), room=str(room))
        self.socket.put(fields.pop("op"), **fields)
        if refusal.code == TooMany.code:
            self.hub.breaches.note("deeds")
        self._shut(op, refusal)

    def _shut(self, op: str, refusal: Refusal) -> None:
        """A door said no: that is written down, and who has no business here any more goes."""
        self.hub.refused.note(self.socket.who, op, refusal)
        if isinstance(refusal, Ended):
            self.socket.close(refusal.close)


def _heard(done: "asyncio.Future[Any]") -> None:
    if not done.cancelled():
        done.exception()


# What only a person does. A page beats and hears by itself, and marks as read what comes while it lies open.
DEEDS = (protocol.Say, protocol.Edit, protocol.Remove, protocol.React)

_DO: dict[type, Callable[[Conversation, Any], Coroutine[Any, Any, None]]] = {
    protocol.Hello: Conversation.hello,
    protocol.Say: Conversation.send,
    protocol.Edit: Conversation.edit,
    protocol.Remove: Conversation.remove,
    protocol.React: Conversation.react,
    protocol.Read: Conversation.read,
    protocol.Unread: Conversation.unread,
    protocol.Since: Conversation.since,
    protocol.Typing: Conversation.typing,
    protocol.Beat: Conversation.beat,
}
