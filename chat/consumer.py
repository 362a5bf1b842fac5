"""The socket's edge: who may open it, what may come in, and how it ends. A plain ASGI application on any server."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from http.cookies import CookieError, SimpleCookie
from typing import Any

import structlog
from django.conf import settings

from chat import hub, protocol
from chat.closing import closing, cut, say_why
from chat.ops import Conversation
from chat.protocol import Malformed
from chat.sockets import BROKEN_RULES, PATIENCE, RESTART, Socket
from chat.standing import Ended, SessionOver
from portal.accounts.places import place_of_socket

PROTOCOL = "portal.v1"
BINARY, TOO_BIG, TOO_MANY = 1003, 1009, 4429
MINUTE = 60.0
GOODBYE = 0.1  # seconds for the last frame to leave before the server's own end
PACE = 100  # frames a second, over the last seconds; nobody types or reads as fast

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
log = structlog.get_logger()


async def chat_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """GET /ws/"""
    await receive()
    headers = dict(scope["headers"])
    own_page = headers.get(b"origin", b"").decode("latin-1") == settings.SITE_ORIGIN
    if not own_page or PROTOCOL not in scope.get("subprotocols", []):
        await send({"type": "websocket.close"})  # before accepting: the server answers 403
        return
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
    say_why(send)
    crowd, place = hub.here().crowd, place_of_socket(scope)
    if not crowd.enter(place):
        await _refuse(send, receive, TOO_MANY)
        return
    try:
        await _let_in(headers, receive, send)
    finally:
        crowd.leave(place)


async def _let_in(headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
    """Find out who comes, and stay with them until they go."""
    try:
        who = await _who_came(headers)
    except Exception as fault:  # no database: the page comes back by itself
        log.warning("chat.nobody_known", error=type(fault).__name__)
        await _refuse(send, receive, RESTART)
        return
    if isinstance(who, Ended):
        await _refuse(send, receive, who.close)
        return
    socket = Socket(send, who, now=asyncio.get_running_loop().time())
    if not hub.here().admit(socket):
        socket.close(TOO_MANY)
    try:
        await _talk(socket, receive)
    finally:
        hub.here().release(socket)


async def _who_came(headers: dict[bytes, bytes]) -> Any:
    """The session cookie is the only credential."""
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return SessionOver()
    cookie = cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is None or not cookie.value.isalnum():
        return SessionOver()
    return await hub.here().who.ask(cookie.value)


async def _refuse(send: Send, receive: Receive, code: int) -> None:
    if (close := closing(send, code)) is not None:
        close()
    else:
        await send({"type": "websocket.close", "code": code})
    asyncio.get_running_loop().call_later(PATIENCE, cut, send)
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _talk(socket: Socket, receive: Receive) -> None:
    """Take frames until the other side is gone."""
    conversation = Conversation(hub.here(), socket)
    rules = Rules(socket)
    try:
        while (event := await receive())["type"] != "websocket.disconnect":
            if socket.closing:
                continue
            socket.heard_at = asyncio.get_running_loop().time()
            text = event.get("text")
            if text is None:
                socket.close(BINARY)
            elif len(text) > settings.CHAT["FRAME"] or len(text.encode("utf-8", "replace")) > settings.CHAT["FRAME"]:
                socket.close(TOO_BIG)
            elif rules.in_pace(socket.heard_at):
                await _answer(conversation, rules, text)
    except asyncio.CancelledError:
        socket.close(RESTART)  # the server stops: the page goes to the next one
        await asyncio.sleep(GOODBYE)
        raise


async def _answer(conversation: Conversation, rules: "Rules", text: str) -> None:
    try:
        await conversation.handle(protocol.parse(text))
    except Malformed as refusal:
        fields = refusal.as_frame()
        conversation.socket.put(fields.pop("op"), **fields)
        rules.broken(conversation.socket.heard_at)
    except Exception as fault:  # a fault of ours: the page comes back and asks for what it missed
        log.error("chat.frame_failed", error=type(fault).__name__, exc_info=settings.DEBUG)
        conversation.socket.close(RESTART)


class Rules:
    """How often a socket has sent what is no frame, and how fast it sends."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._broken: deque[float] = deque(maxlen=settings.CHAT["MALFORMED"])
        self._allowance, self._at = float(PACE * 4), socket.heard_at

    def broken(self, now: float) -> None:
        """Another frame that is none. Too many in a minute end it."""
        self._broken.append(now)
        if len(self._broken) == self._broken.maxlen and now - self._broken[0] < MINUTE:
            hub.here().breaches.note("malformed")
            self._socket.close(BROKEN_RULES)

    def in_pace(self, now: float) -> bool:
        """Whether frames come no faster than any page sends them."""
        self._allowance = min(PACE * 4.0, self._allowance + (now - self._at) * PACE) - 1
        self._at = now
        if self._allowance < 0:
            hub.here().breaches.note("frames")
            self._socket.close(BROKEN_RULES)
        return self._allowance >= 0
