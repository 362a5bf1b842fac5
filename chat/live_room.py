"""A room with local sockets: every change goes to each of them once, in order, and only to who may read it now.

The commits of this process arrive with their changes and need no read back. Whatever else is missing, because another
process wrote it, a hint was lost or a socket came back, is read once for all sockets that lack it. A membership
version newer than a seat's own makes that seat read its rights again before its next byte.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.conf import settings

from chat.feed import Step
from chat.frames import Frame, Framed, moment
from chat.seats import RoomRights, Seat
from chat.sockets import TOO_SLOW, Socket
from chat.standing import Ended

if TYPE_CHECKING:
    from chat.hub import Hub

PAUSE = 0.5  # seconds after a read that did not work

log = structlog.get_logger()


class LiveRoom:
    """Lives on the event loop while it has sockets here."""

    def __init__(self, hub: "Hub", pk: int, id: UUID, group_pk: int, *, head: int, version: int) -> None:
        self.hub = hub
        self.pk = pk
        self.id = str(id)
        self.group_pk = group_pk
        self.last = head  # the number that everybody who is not behind was told
        self.target = head  # the highest number heard of
        self.version = version  # the newest membership version heard of
        self.seats: dict[Socket, Seat] = {}
        self._meanwhile: list[Framed] | None = None  # what was told while a read was on its way
        self._catching_up: asyncio.Task[None] | None = None

    def take(self, seat: Seat) -> None:
        """A socket comes in, or asks again from a number; it catches up from what it has seen."""
        if (before := self.seats.get(seat.socket)) is not None:
            seat.follow(before)
        self.seats[seat.socket] = seat
        seat.socket.seats[self.id] = seat
        self._settle([seat])
        self.wake()

    def drop(self, socket: Socket) -> None:
        """A socket goes."""
        seat = self.seats.pop(socket, None)
        if seat is not None:
            socket.seats.pop(self.id, None)
            seat.leave()
        if not self.seats:
            self.hub.forget(self)

    def send_off(self, socket: Socket, version: int) -> None:
        """A socket has to go, under the rights of this version; what was read under older ones is too late."""
        socket.sent_off[self.id] = version
        self.drop(socket)

    def hear(self, head: int, version: int) -> None:
        """Somebody says where the room stands: late, twice or out of order, it does no harm."""
        self.target = max(self.target, head)
        if version > self.version:
            self.version = version
            for seat in self.seats.values():
                seat.behind = True
        self.wake()

    def doubt(self, seats: Iterable[Seat]) -> None:
        """What these may do has to be read again, whatever the version says."""
        for seat in seats:
            seat.doubt()
        self.wake()

    def tell(self, steps: Sequence[Step], version: int) -> None:
        """Changes this process has just committed, under the rights of this version."""
        if steps[0].seq != self.last + 1 or version != self.version:
            self.hear(steps[-1].seq, version)
            return
        run = [Framed(self.id, step) for step in steps]
        self.last = run[-1].seq
        self.target = max(self.target, self.last)
        if self._meanwhile is not None:
            self._meanwhile += run
        for seat in list(self.seats.values()):
            if not seat.behind:
                self._tell_live(seat, run)

    def wake(self) -> None:
        """See whether somebody lacks something."""
        if self._catching_up is None and self.seats and self._is_wanting():
            self._catching_up = asyncio.get_running_loop().create_task(self._catch_up())

    def _is_wanting(self) -> bool:
        return self.target > self.last or any(
            seat.version < self.version or self._lacks(seat) for seat in self.seats.values()
        )

    def _lacks(self, seat: Seat) -> bool:
        return seat.behind and seat.sent < self.last and not seat.paused

    def _tell_live(self, seat: Seat, run: Sequence[Framed]) -> None:
        frames: list[Frame] = []
        for framed in run:
            if framed.seq <= seat.sent:
                continue
            if framed.seq != seat.sent + 1:
                seat.behind = True
                break
            if (frame := seat.take(framed)) is None:
                seat.socket.close(TOO_SLOW)
                return
            frames.append(frame)
        if frames:
            seat.socket.put_frames(*frames)

    async def _catch_up(self) -> None:
        try:
            while self.seats and self._is_wanting():
                try:
                    await self._read_what_is_missing()
                except Exception as fault:  # no database, most likely: nobody is told anything until it is back
                    log.warning("chat.catching_up_failed", error=type(fault).__name__)
                    await asyncio.sleep(PAUSE)
        finally:
            self._catching_up = None

    async def _read_what_is_missing(self) -> None:
        stale = [seat for seat in self.seats.values() if seat.version < self.version]
        if stale:
            await self._read_rights(stale)
            return
        low = min([self.last, *(seat.sent for seat in self.seats.values() if self._lacks(seat))])
        known, target = self.last, self.target
        self._meanwhile = []
        try:
            page = await self.hub.since(self.pk, low)
        finally:
            meanwhile, self._meanwhile = self._meanwhile, None
        if page.version > self.version:
            self.hear(page.head, page.version)  # rights first
            return
        if self.target == target:
            self.target = max(self.last, page.head)
        run = [Framed(self.id, step) for step in page.steps]
        end = run[-1].seq if run else low
        run += [framed for framed in meanwhile if framed.seq > end]
        self._hand_out(run)
        if run:
            self.last = max(self.last, run[-1].seq)
        # What was there before the read and did not come back is kept no longer.
        first = page.steps[0].seq if page.steps else known + 1
        self._settle(list(self.seats.values()), kept_from=first if low + 1 < first and low < known else 0)

    def _hand_out(self, run: Sequence[Framed]) -> None:
        for seat in list(self.seats.values()):
            if not seat.behind:
                self._tell_live(seat, run)
            elif seat.version == self.version:
                for framed in run:
                    if framed.seq == seat.sent + 1 and not seat.tell(framed):
                        seat.paused = True
                        break

    def _settle(self, seats: Sequence[Seat], *, kept_from: int = 0) -> None:
        """Who has everything is told so, and gets each change as it comes from now on."""
        for seat in seats:
            if not seat.behind or seat.version != self.version:
                continue
            if seat.sent == self.last:
                seat.behind = False
                if seat.asked:
                    seat.asked = False
                    seat.socket.put("live", room=self.id, head=self.last)
            elif seat.sent < max(self.last - settings.CHAT["REPLAY"], kept_from - 1):
                seat.socket.put("reset", room=self.id)
                self.drop(seat.socket)

    async def _read_rights(self, seats: Sequence[Seat]) -> None:
        """What each may do now. Who may not read is told so and hears nothing more of this room."""
        answers = await self.hub.rights_in(self, [seat.socket.who for seat in seats])
        for seat, answer in zip(seats, answers, strict=True):
            if self.seats.get(seat.socket) is not seat:
                continue
            if isinstance(answer, Ended):
                self.drop(seat.socket)
                seat.socket.close(answer.close)
            elif "read" not in answer.may:
                self.send_off(seat.socket, answer.version)
                seat.socket.put("closed", room=self.id, code="not_in_room")
            elif (answer.sight.hidden, answer.sight.rule) != (seat.sight.hidden, seat.sight.rule):
                self.send_off(seat.socket, answer.version)
                seat.socket.put("reset", room=self.id)  # the page shows what it must not any more, or lacks something
            else:
                before = seat.may
                seat.grant(answer)
                if before != seat.may:
                    seat.socket.put("rights", room=self.id, may=seat.may, until=moment(seat.muted_until))
        for answer in answers:
            if isinstance(answer, RoomRights):
                self.hear(self.last, answer.version)
        self._settle(seats)

    def seats_by_the_clock(self, now: datetime) -> list[Seat]:
        """Seats whose mute has run out, or whose room has opened or closed, by the clock."""
        return [seat for seat in self.seats.values() if seat.turns_at is not None and seat.turns_at <= now]
