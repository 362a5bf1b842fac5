"""What may be sent with a request, at most. Django would write any body to the disk before it looks at it."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[..., Awaitable[None]]

WORDS = b"That is more than can be sent at once. Nothing has been changed."
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(WORDS)).encode()),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store, private"),
    (b"connection", b"close"),
]


class TooBig(Exception):
    """More came than may come."""


def capped(application: Application, limit: int) -> Application:
    """The application behind a limit: what says it is longer is refused unread, what turns out to be is broken off."""

    async def guarded(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if _said(scope) > limit:
            await _refuse(send)
            return
        taken = 0

        async def counted() -> Event:
            nonlocal taken
            event = await receive()
            taken += len(event.get("body", b""))
            if taken > limit:
                raise TooBig
            return event

        try:
            await application(scope, counted, send)
        except TooBig:
            await _refuse(send)

    return guarded


def _said(scope: dict[str, Any]) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": HEADERS})
    await send({"type": "http.response.body", "body": WORDS})


def cap_daphne(limit: int) -> None:
    """Let daphne break off what is too long while it comes. By itself it takes a body of any length into memory first.

    Does nothing under another server: daphne's own module is loaded before the application where daphne serves.
    """
    serving = sys.modules.get("daphne.http_protocol")
    if serving is None:
        return

    class CappedRequest(serving.WebRequest):  # type: ignore[name-defined]
        taken = 0

        def gotLength(self, length: int | None) -> None:
            super().gotLength(0 if length is not None and length > limit else length)
            self._count(length or 0, said=True)

        def handleContentChunk(self, data: bytes) -> None:
            self._count(len(data))
            if self.taken <= limit:
                super().handleContentChunk(data)

        def process(self) -> None:
            if self.taken <= limit:
                super().process()

        def _count(self, length: int, *, said: bool = False) -> None:
            if self.taken > limit:
                return  # the answer is on its way
            if not said or length > limit:
                self.taken += length
            if self.taken > limit:
                lines = [b"HTTP/1.1 413 Content Too Large", *(b": ".join(header) for header in HEADERS), b"", WORDS]
                self.channel.transport.write(b"\r\n".join(lines))
                self.channel.loseConnection()

    serving.WebRequest = CappedRequest  # type: ignore[attr-defined]
