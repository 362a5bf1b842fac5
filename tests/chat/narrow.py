"""Settings of a server with few places and a quick pulse: no test need open hundreds of pages, or wait."""

from portal.settings import *  # noqa: F403
from portal.settings import CHAT

CHAT = {**CHAT, "SOCKETS_FROM_ONE_PLACE": 4, "SOCKETS_IN_ALL": 9, "BEAT": 2}
ALLAUTH_TRUSTED_PROXY_COUNT = 1
