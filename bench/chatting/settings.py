"""The portal's settings with the send limits out of the way and the textbook room's table beside the real ones."""

from portal.settings import *  # noqa: F403
from portal.settings import CHAT, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.chatting"]
CHAT = {**CHAT, "EVERY": 0.00001, "BURST": 10_000_000}
