"""An application that answers every text with what it is told to, by the straight way alone; see test_wire."""

from typing import Any

from chat.wire import straight, text_frame


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Repeat each text as often as its first word says, in one piece. Without such a way, close."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    write = straight(send)
    while (event := await receive())["type"] == "websocket.receive":
        times, _, text = event["text"].partition(" ")
        if write is None or not write(text_frame(text) * int(times)):
            await send({"type": "websocket.close", "code": 4000})
