"""Settings of a server with a quick pulse and much patience: no test need wait for a beat or a look at the heads, or
come again after every fifth frame that is none."""

from portal.settings import *  # noqa: F403
from portal.settings import CHAT

CHAT = {**CHAT, "BEAT": 2, "POLL": 1, "MALFORMED": 1000}
