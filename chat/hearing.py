"""What a hint makes the hub do. A hint holds ids and numbers only, and none is needed for things to come right."""

from typing import TYPE_CHECKING
from uuid import UUID

from chat import marks
from chat.frames import topic_id
from portal.live import Hint

if TYPE_CHECKING:
    from chat.hub import Hub

SESSION_OVER = 4401


def hear(hub: "Hub", topic: str, hint: Hint) -> None:
    """Act on a hint, whoever sent it; one that is unknown or about nobody here is passed over."""
    match hint:
        case {"type": "room", "head": head, "version": version}:
            _rooms_moved(hub, {topic.partition(".")[2]: [head, version]})
        case {"type": "rooms", "rooms": stands}:
            _rooms_moved(hub, stands)
        case {"type": "session.ended", "session": session}:
            _session_ended(hub, topic_id(topic), session)
        case {"type": "person.changed"}:
            hub.doubt(hub.sockets_of(topic_id(topic)))
        case {"type": "read", "marks": raised}:
            for person, room, seq, unread in raised:
                _read(hub, UUID(person), room, seq, unread)
        case {"type": "read", "room": room, "seq": seq, "count": unread}:
            _read(hub, topic_id(topic), room, seq, unread)
        case {"type": "unread", "room": room, "seq": seq, "count": unread}:
            _read(hub, topic_id(topic), room, seq, unread, kind="unread")
        case {"type": "typing", "person": person, "from": sender} if sender != hub.id:
            hub.here.types_elsewhere(topic.partition(".")[2], UUID(person))
        case {"type": "presence", "from": sender, "rooms": rooms} if sender != hub.id:
            hub.here.are_elsewhere(sender, rooms)
        case {"type": "presence.chosen"}:
            if hub.sockets_of(topic_id(topic)):
                hub.here.ask(topic_id(topic))
        case {"type": "probe", "hub": hub.id}:
            hub.heard_itself()


def _rooms_moved(hub: "Hub", stands: dict[str, list[int]]) -> None:
    for id in stands.keys() & hub.rooms.keys():
        head, version = stands[id]
        hub.rooms[id].hear(head, version)


def _session_ended(hub: "Hub", person: UUID, session: str | None) -> None:
    """A named session is over for good: keys are never given twice. Without a name, each is looked at."""
    sockets = hub.sockets_of(person)
    for socket in sockets:
        if socket.who.session_hash == session:
            socket.close(SESSION_OVER)
    hub.doubt(sockets)


def _read(hub: "Hub", person: UUID, room: str, seq: int, unread: int, *, kind: str = "read") -> None:
    for socket in hub.sockets_of(person):
        marks.tell(socket, room, seq, unread, kind=kind)
