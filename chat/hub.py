"""The process's hub: its sockets by person and by room, what it hears about them, and its own looks at the database.

Hints make things quick and are never needed: the hub looks at the heads itself every two seconds and at every
person's session and standing at each beat.
"""

import asyncio
import gc
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import structlog
from django.conf import settings
from django.utils import timezone

from chat import lookups, marks
from chat.crowd import Breaches, Crowd
from chat.feed import Page
from chat.frames import Frame, encode
from chat.hearing import hear
from chat.here import Here
from chat.hints import listen
from chat.live_room import LiveRoom
from chat.lookups import Place
from chat.reading import Mark, Marked
from chat.refused import Refused
from chat.rows import HeldRoom
from chat.seats import RoomRights, Seat
from chat.sockets import RESTART, TOO_SLOW, Socket
from chat.standing import Ended, Identity
from chat.threads import Together, run
from chat.writer import Writer
from portal import live
from portal.errors import Refusal

PIECE = 128  # changes read at once
SWEEP = 250  # sockets that have gone: a link's objects hold each other, and the collector comes late (decision 21)

log = structlog.get_logger()
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def here() -> "Hub":
    """The hub of this event loop, of which a serving process has one."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


class Hub:
    """Lives on the event loop; everything that touches the database goes to the chat's own threads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.id = str(uuid4())
        self.epoch = ""
        self.slower = False  # hints do not come back: other processes' changes arrive by looking
        self.rooms: dict[str, LiveRoom] = {}
        self.people: dict[UUID, set[Socket]] = {}
        self.who: Together[str, Identity | Ended] = Together(lookups.who_came)
        self.places: Together[Identity, dict[UUID, Place] | Ended] = Together(lookups.places_of)
        self.marks: Together[Mark, Marked | Refusal] = Together(lookups.mark)
        self.uses: Together[str, None] = Together(lookups.note_uses)
        self.refused = Refused()
        self.writer = Writer(self._committed)
        self.here = Here(self, loop.time)
        self.breaches = Breaches(loop.time)
        self.crowd = Crowd(self.breaches)
        self._loop = loop
        self._heard_itself_at = loop.time()
        self._gone = 0  # sockets, since their memory was swept up
        self._tasks = {
            loop.create_task(listen(lambda topic, hint: hear(self, topic, hint))),
            loop.create_task(self._tick()),
        }
        live.listen(self._hear_own)

    # Sockets and rooms

    def admit(self, socket: Socket) -> bool:
        """Take a socket in, unless its person has too many."""
        own = self.people.setdefault(socket.who.person, set())
        if len(own) >= settings.CHAT["SOCKETS"]:
            self.breaches.note("person")
            return False
        own.add(socket)
        if socket.who.is_open:
            self.here.ask(socket.who.person)
        if self.slower:
            socket.put_frames(_slower(True))
        return True

    def release(self, socket: Socket) -> None:
        """A socket has closed."""
        self._gone += 1
        own = self.people.get(socket.who.person, set())
        own.discard(socket)
        if not own:
            self.people.pop(socket.who.person, None)
        for room in [self.rooms[id] for id in socket.seats]:
            room.drop(socket)

    def seat(self, socket: Socket, place: Place, seen: int) -> None:
        """Let a socket hear a room it may read, from the last number it has seen."""
        mine = place.room
        if mine.version < socket.sent_off.get(str(mine.id), mine.version):
            return  # read before the page was told to go, and come in after: what it was told stands
        if seen > mine.head or seen < mine.head - settings.CHAT["REPLAY"]:
            socket.put("reset", room=str(mine.id))
            return
        room = self.rooms.get(str(mine.id))
        if room is None:
            room = LiveRoom(self, mine.pk, mine.id, mine.group_pk, head=mine.head, version=mine.version)
            self.rooms[room.id] = room
        room.hear(mine.head, mine.version)
        room.take(Seat(socket, seen, place.rights))

    def forget(self, room: LiveRoom) -> None:
        """A room's last socket has gone."""
        self.rooms.pop(room.id, None)

    def since(self, room_pk: int, seq: int) -> "asyncio.Future[Page]":
        """A piece of a room's feed. Small pieces keep a long replay from filling the memory."""
        return run(lookups.feed, room_pk, seq, PIECE)

    def rights_in(self, room: LiveRoom, people: Sequence[Identity]) -> "asyncio.Future[list[RoomRights | Ended]]":
        """What each of these people may do in a room now."""
        return run(lookups.rights_in, room.pk, room.group_pk, people)

    def confirm(self, socket: Socket, room: str, seq: int) -> None:
        """A page has shown a room up to this number."""
        if (seat := socket.seats.get(room)) is not None:
            seat.confirm(seq)
            self.rooms[room].wake()

    @property
    def beat_every(self) -> int:
        """Seconds between two beats."""
        return settings.CHAT["BEAT"]

    async def know_epoch(self) -> str:
        """The name of the history this process serves."""
        if not self.epoch:
            self.epoch, _ = await run(lookups.where_rooms_stand, [])
        return self.epoch

    # What is heard

    def _committed(self, rooms: list[HeldRoom]) -> None:
        for room in rooms:
            if (local := self.rooms.get(str(room.id))) is not None:
                local.tell(room.steps, room.version)
        stands = {str(room.id): [room.head, room.version] for room in rooms}
        live.send_now("rooms", {"type": "rooms", "rooms": stands})

    def _hear_own(self, topic: str, hint: live.Hint) -> None:
        """A hint of this process itself; comes from the thread that committed."""
        self._loop.call_soon_threadsafe(hear, self, topic, hint)

    def sockets_of(self, person: UUID) -> list[Socket]:
        """A person's sockets here."""
        return list(self.people.get(person, ()))

    def doubt(self, sockets: Sequence[Socket]) -> None:
        """Look again at these people's sessions, accounts and rights, before their next byte."""
        for socket in sockets:
            for id, seat in list(socket.seats.items()):
                self.rooms[id].doubt([seat])
        self._start(self._look_after(sockets))

    def heard_itself(self) -> None:
        """A probe came back: hints travel."""
        self._heard_itself_at = self._loop.time()

    # Its own looks

    async def _tick(self) -> None:
        for second in count():
            await asyncio.sleep(1)
            beat = settings.CHAT["BEAT"]
            due = [one for own in self.people.values() for one in own if one.number % beat == second % beat]
            self._beat(due)
            self._start(self._look_after({*due, *self._whose_hour_has_come()}))
            self._start(marks.look(self, due))
            self._end_dead_links()
            self._sweep_up()
            self._follow_the_clock()
            self.here.look()
            if second % settings.CHAT["POLL"] == 0:
                live.send_now("probe", {"type": "probe", "hub": self.id})
                self._say_whether_slower()
                self._start(self._look_at_rooms())

    def _beat(self, due: Sequence[Socket]) -> None:
        for socket in due:
            socket.beat += 1
            heads = {id: self.rooms[id].last for id in socket.seats}
            socket.put_frames(encode("beat", n=socket.beat, heads=heads))

    def _whose_hour_has_come(self) -> list[Socket]:
        """Sockets whose session was to be over by now, unless it was used since we looked."""
        now = timezone.now()
        return [one for own in self.people.values() for one in own if one.over_at is not None and one.over_at <= now]

    def _end_dead_links(self) -> None:
        """A socket that has not answered two beats is dead, whatever its transport believes."""
        oldest = self._loop.time() - 2 * settings.CHAT["BEAT"] - 2
        for own in self.people.values():
            for socket in own:
                if socket.heard_at < oldest:
                    socket.close(TOO_SLOW)

    def _sweep_up(self) -> None:
        if self._gone >= SWEEP:
            self._gone = 0
            gc.collect()

    async def _look_after(self, sockets: Iterable[Socket]) -> None:
        """Whether these people's sessions and accounts still stand."""
        open_ = [socket for socket in sockets if not socket.closing]
        if not open_:
            return
        for socket, found in zip(open_, await run(lookups.still_there, [one.who for one in open_]), strict=True):
            if isinstance(found, Ended):
                socket.close(found.close)
            else:
                socket.over_at = found

    async def _look_at_rooms(self) -> None:
        rooms = {room.pk: room for room in self.rooms.values()}
        if not rooms:
            return
        epoch, stands = await run(lookups.where_rooms_stand, list(rooms))
        if self.epoch and epoch != self.epoch:  # a restore from backup: everybody starts afresh
            self._restart()
        self.epoch = epoch
        for pk, stand in stands.items():
            rooms[pk].hear(stand.head, stand.version)

    def _restart(self) -> None:
        self.rooms.clear()
        for own in self.people.values():
            for socket in own:
                socket.seats.clear()
                socket.close(RESTART)

    def _follow_the_clock(self) -> None:
        now = timezone.now()
        for room in list(self.rooms.values()):
            if over := room.seats_by_the_clock(now):
                room.doubt(over)

    def _say_whether_slower(self) -> None:
        slower = self._loop.time() - self._heard_itself_at > 2.5 * settings.CHAT["POLL"]
        if slower == self.slower:
            return
        self.slower = slower
        for own in self.people.values():
            for socket in own:
                socket.put_frames(_slower(slower))

    def _start(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.warning("chat.look_failed", error=type(fault).__name__)


def _slower(slower: bool) -> Frame:
    return encode("notify", kind="slower", count=int(slower))
