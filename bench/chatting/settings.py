"""The portal's settings without limits on messages and sockets, and a textbook room's table beside the real ones."""

from portal.settings import *  # noqa: F403
from portal.settings import CHAT, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.chatting"]
CHAT = {**CHAT, "EVERY": 0.00001, "BURST": 10_000_000, "SOCKETS_FROM_ONE_PLACE": 100_000, "SOCKETS_IN_ALL": 100_000}
