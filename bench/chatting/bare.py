"""A bare broadcast: no people, no rights, no database, nothing kept. What the server itself can carry, and no more.

Its frames are shaped and sized like the portal's, written once a message.
"""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from uuid import uuid4

Send = Callable[[dict[str, Any]], Awaitable[None]]
rooms: dict[str, set[Send]] = defaultdict(set)
numbers: dict[str, "count[int]"] = defaultdict(lambda: count(1))
WHEN = "2026-01-01T12:00:00.000000+00:00"


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    """Every path of the shape /ws/<room>/ is a room; /livez answers."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    if scope["type"] != "websocket":
        return
    name = scope["path"].split("/")[2]
    await receive()
    await send({"type": "websocket.accept"})
    room = rooms[name]
    room.add(send)
    try:
        while (event := await receive())["type"] != "websocket.disconnect":
            told = _frame(name, json.loads(event["text"])["body"])
            for other in list(room):
                await other(told)
    finally:
        room.discard(send)


def _frame(room: str, body: str) -> dict[str, Any]:
    message = {
        "id": str(uuid4()),
        "seq": (seq := next(numbers[room])),
        "author": {"id": str(uuid4()), "name": "Somebody"},
        "sent_at": WHEN,
        "edited_at": None,
        "reply_to": None,
        "state": "shown",
        "body": body,
        "html": f"<p>{body}</p>",
    }
    change = {"op": "change", "room": room, "seq": seq, "kind": "message.sent", "at": WHEN, "message": message}
    return {"type": "websocket.send", "text": json.dumps(change, separators=(",", ":"))}
