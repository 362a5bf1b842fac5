"""The room of the tutorials: a consumer a socket, one ORM insert a message, `group_send` through channels-redis.

It checks the session when the socket opens and nothing afterwards; it numbers nothing and replays nothing.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.chatting.settings")
os.environ["PORTAL_PROCESS"] = "web"

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from typing import Any  # noqa: E402

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from bench.chatting.models import TextbookMessage  # noqa: E402


class Textbook(AsyncJsonWebsocketConsumer):
    """One socket in one room."""

    async def connect(self) -> None:
        if not self.scope["user"].is_authenticated:
            await self.close()
            return
        self.room = self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "room"):
            await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive_json(self, content: dict[str, Any], **_: Any) -> None:
        user = self.scope["user"]
        keep = database_sync_to_async(TextbookMessage.objects.create)
        message = await keep(room=self.room, author_id=user.pk, body=content["body"])
        told = {
            "id": message.pk,
            "author": user.display_name,
            "body": message.body,
            "sent_at": message.sent_at.isoformat(),
        }
        await self.channel_layer.group_send(self.room, {"type": "chat.message", "message": told})

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json({"op": "change", "message": event["message"]})


sockets = AuthMiddlewareStack(URLRouter([path("ws/<str:room>/", Textbook.as_asgi())]))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
