"""Hearing what other processes hint at. Hints may be lost, doubled, late or out of order without harm."""

import asyncio
from collections.abc import Callable

import structlog
from channels.layers import get_channel_layer

from portal.live import HINTS, Hint

PAUSE = 1.0  # seconds between tries to listen

log = structlog.get_logger()


async def listen(hear: Callable[[str, Hint], None]) -> None:
    """Listen for ever. Once subscribed, the layer itself comes back after a break."""
    failing = False
    while True:
        layer = get_channel_layer()
        try:
            channel = await layer.new_channel()
            await layer.group_add(HINTS, channel)
            failing = False
            while True:
                message = await layer.receive(channel)
                hear(message["topic"], message["hint"])
        except Exception as error:  # no Valkey: the hub polls meanwhile
            if not failing:
                log.warning("chat.not_listening", error=type(error).__name__)
            failing = True
            await layer.flush()
            await asyncio.sleep(PAUSE)
