"""The portal as an ASGI application: pages and sockets."""

import gc
import os

gc.disable()  # next to nothing that is loaded here is garbage: looking for some would take a quarter of the start
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_PROCESS"] = "web"

from django.core.asgi import get_asgi_application  # noqa: E402 (needs the lines above)

pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402 (needs the apps loaded)
from django.conf import settings  # noqa: E402 (as the line below)

from chat.crowd import allow_files  # noqa: E402 (as the line below)
from chat.routing import sockets  # noqa: E402
from portal.bodies import cap_daphne, capped  # noqa: E402

cap_daphne(settings.LARGEST_BODY)
allow_files()
application = ProtocolTypeRouter({"http": capped(pages, settings.LARGEST_BODY), "websocket": sockets})

# What was loaded stays for good: the collector need not walk it again and again while people wait. And it looks at new
# objects less often than by itself, because a busy room makes thousands a second that go by being counted.
gc.freeze()
gc.set_threshold(20_000, 20, 20)
gc.enable()
