"""Ending a link with its code, on every server.

Daphne's socket library lets an application close with 1000 and 3000 to 4999 only, and answers a frame that is too big
or no UTF-8 by dropping the link without a code. Its protocol object, which daphne's `send` carries, can do better.
Other servers need none of that.
"""

from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]


def say_why(send: Send) -> None:
    """Let the server end a broken link with its code (1007, 1009) instead of dropping it."""
    protocol = daphne_protocol(send)
    if protocol is not None:
        protocol.failByDrop = False


def closing(send: Send, code: int) -> Callable[[], None] | None:
    """A way to close with a code that the server would not take from an application; None where it takes them all."""
    protocol = daphne_protocol(send)
    if protocol is None or code >= 3000:
        return None
    return lambda: protocol.sendCloseFrame(code=code)


def cut(send: Send) -> None:
    """Drop a link whose other side reads nothing, not even the goodbye; daphne does so by itself.

    uvicorn's `send` is a method of its protocol. Merely closed, its transport would wait for the reader for ever.
    """
    transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
    if hasattr(transport, "abort"):
        transport.abort()


def daphne_protocol(send: Send) -> Any:
    """Daphne's side of a link: functools.partial(server.handle_reply, protocol) is what it hands out as `send`."""
    first = next(iter(getattr(send, "args", ())), None)
    return first if hasattr(first, "sendCloseFrame") else None
