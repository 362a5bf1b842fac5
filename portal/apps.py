"""The app of the site itself."""

from django.apps import AppConfig

from portal import checks  # noqa: F401 (registers itself)
from portal.form_words import say_plainly


class PortalConfig(AppConfig):
    """Sets the words of forms before the first one is made."""

    name = "portal"

    def ready(self) -> None:
        say_plainly()
