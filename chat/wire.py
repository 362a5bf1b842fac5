"""A frame's bytes, made once for a whole room and written to the links themselves.

A server encodes, frames and notes a text anew for every socket it is given for, and that was most of what a delivery
cost (docs/decisions/0022-frames-are-made-once.md). The bytes are the same for everybody. So they go straight to a
link's transport while nothing else is the matter with it: it is open, takes more, and compresses nothing. In any other
state, and on a server that is not known here, a frame goes the ordinary way.
"""

from collections.abc import Callable
from typing import Any

from chat.closing import Send, daphne_protocol

Write = Callable[[bytes], bool]  # whether it went out

OF_UVICORN = ("conn", "writable", "handshake_complete", "close_sent", "disconnected", "transport")
OF_DAPHNE = ("state", "send_queue", "transport", "_perMessageCompress")


def text_frame(text: str) -> bytes:
    """The bytes of one unmasked, whole text frame (RFC 6455, section 5.2)."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return b"\x81" + size.to_bytes(1, "big") + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def straight(send: Send) -> Write | None:
    """The straight way to an open link. None where there is none."""
    return _of_daphne(daphne_protocol(send)) or _of_uvicorn(getattr(send, "__self__", None))


def _of_daphne(link: Any) -> Write | None:
    if not all(hasattr(link, name) for name in OF_DAPHNE) or link._perMessageCompress is not None:
        return None
    opened = link.STATE_OPEN

    def write(frames: bytes) -> bool:
        if link.state != opened or link.send_queue:
            return False
        link.transport.write(frames)
        return True

    return write


def _of_uvicorn(link: Any) -> Write | None:
    if not all(hasattr(link, name) for name in OF_UVICORN) or link.conn.extensions or not link.handshake_complete:
        return None
    conn, transport, opened = link.conn, link.transport, link.conn.state

    def write(frames: bytes) -> bool:
        if (
            not link.writable.is_set()
            or link.close_sent
            or link.disconnected
            or conn.state is not opened
            or transport.is_closing()
        ):
            return False
        transport.write(frames)
        return True

    return write
