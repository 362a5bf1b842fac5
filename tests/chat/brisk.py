"""Settings of a server with a quick pulse: no test need wait for a beat, or for a look at the heads."""

from portal.settings import *  # noqa: F403
from portal.settings import CHAT

CHAT = {**CHAT, "BEAT": 2, "POLL": 1}
