"""A socket in a room: how far it was told, how far it has confirmed, under which rights."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from chat.frames import Frame, Framed
from chat.sockets import Socket
from groups.sight import EVERYTHING, Sight

UNKNOWN = -1  # a version older than any


@dataclass(frozen=True, slots=True)
class RoomRights:
    """What a person may do in a room, in the client's words. The version was read before the rights."""

    version: int
    may: list[str]
    muted_until: datetime | None
    sight: Sight = EVERYTHING
    turns_at: datetime | None = None  # when the clock changes what they may do


class Seat:
    """One of these for each room a page shows."""

    __slots__ = (
        "asked",
        "behind",
        "here",
        "may",
        "muted_until",
        "owed",
        "paused",
        "sent",
        "sight",
        "socket",
        "turns_at",
        "version",
    )

    def __init__(self, socket: Socket, sent: int, rights: RoomRights) -> None:
        self.socket = socket
        self.sent = sent
        self.behind = True  # not yet among those who get each change as it comes
        self.paused = False  # behind, and first has to confirm some of what it was told
        self.asked = True  # wants to hear "live" once it has everything
        self.here: list[str] = []  # whom the page shows as being here
        self.owed: deque[tuple[int, int]] = deque()
        self.grant(rights)

    def grant(self, rights: RoomRights) -> None:
        """What the person may do, as of a membership version."""
        self.version, self.may, self.muted_until = rights.version, rights.may, rights.muted_until
        self.sight, self.turns_at = rights.sight, rights.turns_at

    def doubt(self) -> None:
        """Read again what the person may do before the next byte."""
        self.version, self.behind = UNKNOWN, True

    def tell(self, framed: Framed) -> bool:
        """Send a change, unless too much is unconfirmed already."""
        frame = self.take(framed)
        if frame is not None:
            self.socket.put_frames(frame)
        return frame is not None

    def take(self, framed: Framed) -> Frame | None:
        """The frame of a change that goes out now, unless too much is unconfirmed already."""
        socket = self.socket
        if not socket.may_owe(framed.size):
            return None
        if not framed.is_whole_for(self.sight):
            frame = framed.for_sight(self.sight, "author" if framed.author_pk == socket.who.user_pk else "anybody")
        elif framed.author_pk == socket.who.user_pk:
            frame = framed.for_author()
        else:
            frame = framed.for_facilitator() if framed.held and "moderate" in self.may else framed.event
        self.sent = framed.seq
        self.owed.append((framed.seq, framed.size))
        socket.owed_changes += 1
        socket.owed_bytes += framed.size
        return frame

    def confirm(self, seq: int) -> None:
        """The person's page has shown everything up to this number."""
        owed, socket = self.owed, self.socket
        while owed and owed[0][0] <= seq:
            socket.owed_changes -= 1
            socket.owed_bytes -= owed.popleft()[1]
        self.paused = False

    def follow(self, before: "Seat") -> None:
        """Take the place of this seat. What the page has not shown it still owes: asking again pays for nothing."""
        self.owed = before.owed
        self.confirm(self.sent)

    def leave(self) -> None:
        """Owe nothing any more."""
        self.socket.owed_changes -= len(self.owed)
        self.socket.owed_bytes -= sum(size for _, size in self.owed)
        self.owed.clear()
