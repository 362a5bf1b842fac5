"""The choices a person has made."""

from portal.keeping import Kept
from portal.preferences.models import SETTINGS

KEPT = [Kept("Display and chat", "portal.Preferences", "person", {name.capitalize(): name for name in SETTINGS})]
LEFT_OUT: dict[str, str] = {}
