"""Who writes and who is here just now, of those who chose to show it. Best effort: nothing is stored or waited for.

A process tells the others ids alone; each asks the database for the names, and whether the person still shows it.
Without hints a page shows who is on its own process.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from chat.live_room import LiveRoom
from chat.seats import Seat
from chat.sockets import Socket
from chat.threads import Together
from portal import live
from portal.preferences.queries import Shown, shown

if TYPE_CHECKING:
    from chat.hub import Hub

PACE = 3.0  # seconds between two signs that somebody writes in a room
GRACE = 5.0  # seconds somebody may be away, as between two pages, and still be here
RENEW = 15.0  # seconds after which the others are told again, and names and choices are read again
LEASE = 2 * RENEW + GRACE  # seconds for which another process is believed


class Here:
    """The hub's eye for people. All it does costs as much as there are people who chose to be seen."""

    def __init__(self, hub: "Hub", clock: Callable[[], float]) -> None:
        self.hub = hub
        self._clock = clock
        self._asked: Together[UUID, Shown | None] = Together(shown)
        self._own: dict[UUID, Shown] = {}  # people with sockets here who show when they are here
        self._seen: dict[str, dict[UUID, float]] = {}  # room: person: when they were last in it
        self._others: dict[tuple[str, str], tuple[float, list[Shown]]] = {}  # process, room: until when, who
        self._told: set[str] = set()  # rooms in which some page shows somebody
        self._said: dict[str, set[UUID]] = {}  # what the other processes were told
        self._renewed_at = clock()
        self._typed: dict[tuple[UUID, str], float] = {}

    # Writing

    def types(self, socket: Socket, room: str) -> None:
        """A page says that its person writes. Who may not write there, or does it again too soon, is passed over."""
        now, key = self._clock(), (socket.who.person, room)
        seat = socket.seats.get(room)
        if seat is None or "write" not in seat.may or now - self._typed.get(key, -PACE) < PACE:
            return
        if seat.version < self.hub.rooms[room].version:
            return
        self._typed[key] = now
        self._look_up([socket.who.person], lambda people: self._types(room, people, tell=True))

    def types_elsewhere(self, room: str, person: UUID) -> None:
        """Another process says that somebody writes."""
        if room in self.hub.rooms:
            self._look_up([person], lambda people: self._types(room, people, tell=False))

    def _types(self, room: str, people: list[Shown], *, tell: bool) -> None:
        for person in people:
            if not person.typing:
                continue
            if room in self.hub.rooms:
                for seat in _sure(self.hub.rooms[room]):
                    if _sees(seat, person):
                        seat.socket.put("typing", room=room, people=[_named(person)])
            if tell:
                live.send_now(f"room.{room}", {"type": "typing", "person": person.id, "from": self.hub.id})

    # Being here

    def ask(self, person: UUID) -> None:
        """Read again whether somebody with a page here shows it."""

        def answer(people: list[Shown]) -> None:
            self._own.pop(person, None)
            for one in people:
                if one.presence:
                    self._own[person] = one

        self._look_up([person], answer)

    def are_elsewhere(self, sender: str, rooms: dict[str, list[str]]) -> None:
        """Another process says who is on its pages; its last word about a room counts, for a while."""
        until = self._clock() + LEASE
        for room, ids in rooms.items():
            if room not in self.hub.rooms:
                continue

            def answer(people: list[Shown], key: tuple[str, str] = (sender, room)) -> None:
                self._others[key] = until, [one for one in people if one.presence]

            self._look_up([UUID(id) for id in ids], answer)

    def look(self) -> None:
        """Once a second: who has come and gone, and who is to hear of it."""
        now = self._clock()
        self._typed = {key: at for key, at in self._typed.items() if now - at < PACE}
        if not (self._own or self._others or self._told or self._said):
            return
        rooms = self._told | {room for _, room in self._others} | set(self._seen)
        self._see(now)
        self._others = {
            key: lease for key, lease in self._others.items() if lease[0] > now and key[1] in self.hub.rooms
        }
        self._told = {room for room in rooms | set(self._seen) if room in self.hub.rooms and self._tell(room)}
        self._tell_others(now)

    def _see(self, now: float) -> None:
        """Note where the people are; forget who has been away for too long, and who shows it no more."""
        for person in self._own:
            for socket in self.hub.sockets_of(person):
                for room in socket.seats:
                    self._seen.setdefault(room, {})[person] = now
        stay = {
            room: {person: at for person, at in people.items() if now - at < GRACE and person in self._own}
            for room, people in self._seen.items()
        }
        self._seen = {room: people for room, people in stay.items() if people}
        around = {person for people in self._seen.values() for person in people}
        self._own = {person: one for person, one in self._own.items() if person in around | self.hub.people.keys()}

    def _tell(self, room: str) -> bool:
        """Bring the pages of a room up to date. Whether one of them shows somebody, or has to wait."""
        others = [one for (_, where), (_, people) in self._others.items() if where == room for one in people]
        here = {one.id: one for one in [*others, *(self._own[person] for person in self._seen.get(room, ()))]}
        people = sorted(here.values(), key=lambda one: (one.name.lower(), one.id))
        local = self.hub.rooms[room]
        for seat in _sure(local):
            seen = [one for one in people if _sees(seat, one)]
            ids = [one.id for one in seen]
            if ids != seat.here:
                seat.here = ids
                seat.socket.put("presence", room=room, people=[_named(one) for one in seen])
        return any(seat.here or seat.version < local.version for seat in local.seats.values())

    def _tell_others(self, now: float) -> None:
        stands = {room: set(people) for room, people in self._seen.items()}
        renew = now - self._renewed_at >= RENEW
        told = {room: stands.get(room, set()) for room in stands.keys() | self._said.keys()}
        told = {room: people for room, people in told.items() if renew or people != self._said.get(room)}
        self._said = stands
        if told:
            rooms = {room: sorted(map(str, people)) for room, people in told.items()}
            live.send_now("rooms", {"type": "presence", "from": self.hub.id, "rooms": rooms})
        if renew:
            self._renewed_at = now
            for person in list(self._own):
                self.ask(person)

    # Names

    def _look_up(self, people: Iterable[UUID], then: Callable[[list[Shown]], None]) -> None:
        """Do something with those who show something; without a database, nothing."""
        asked = asyncio.gather(*(self._asked.ask(person) for person in people))

        def done(answer: "asyncio.Future[list[Shown | None]]") -> None:
            if not answer.cancelled() and answer.exception() is None:
                then([one for one in answer.result() if one is not None])

        asked.add_done_callback(done)


def _sure(room: LiveRoom) -> list[Seat]:
    """Seats whose rights are known to be as the room's are now; the others hear nothing until they are."""
    return [seat for seat in room.seats.values() if seat.version >= room.version and not seat.socket.closing]


def _sees(seat: Seat, person: Shown) -> bool:
    """Nobody is told of themselves, nor of whom a block hides."""
    return person.pk != seat.socket.who.user_pk and person.pk not in seat.sight.hidden


def _named(person: Shown) -> dict[str, str]:
    return {"id": person.id, "name": person.name}
