"""What a person's open pages know of how far they have read; a hint that got lost is made up for at the next beat."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chat import lookups
from chat.sockets import Socket
from chat.threads import run

if TYPE_CHECKING:
    from chat.hub import Hub


def tell(socket: Socket, room: str, mark: int, unread: int, *, kind: str) -> None:
    """A device of the person has read on, or found the room new again."""
    socket.marks[room] = mark
    socket.put("notify", kind=kind, room=room, seq=mark, count=unread)


async def look(hub: "Hub", sockets: Sequence[Socket]) -> None:
    """Compare what these pages know with what is kept. Only where it differs is anything counted anew."""
    known = [socket for socket in sockets if socket.marks and not socket.closing]
    if not known:
        return
    before = {socket: dict(socket.marks) for socket in known}
    kept = await run(lookups.marks_of, sorted({socket.who.user_pk for socket in known}))

    def differ(socket: Socket) -> list[str]:
        """Rooms whose mark is another one; what was heard while the database was asked is newer than its answer."""
        marks = kept.get(socket.who.user_pk, {})
        return [
            room
            for room, mark in before[socket].items()
            if marks.get(room, 0) != mark and socket.marks.get(room) == mark
        ]

    behind = {socket: rooms for socket in known if (rooms := differ(socket))}
    if not behind:
        return
    counted = await run(lookups.counted, sorted({socket.who.user_pk for socket in behind}))
    for socket, rooms in behind.items():
        mine = counted[socket.who.user_pk]
        for room in rooms:
            if room in mine and socket.marks.get(room) == before[socket][room]:
                mark, unread = mine[room]
                tell(socket, room, mark, unread, kind="unread" if mark < before[socket][room] else "read")
