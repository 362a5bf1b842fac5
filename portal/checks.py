"""What must never be so where people reach the portal over https. Errors: nothing is migrated or started with one."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register

from portal.env import SECRET_LENGTH


@register(Tags.security)
def in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """The reader of the environment refuses these already; this holds whatever else has set them."""
    if not settings.SECURE:
        return []
    secret = settings.SECRET_KEY
    layer = str(settings.CHANNEL_LAYERS["default"]["BACKEND"])
    cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LOOKS_COOKIE_NAME)
    wrong = {
        "E001": (settings.DEBUG, "DEBUG is on."),
        "E002": (settings.DEMO, "The demo's people could sign in."),
        "E003": (
            any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS),
            "Any host name is taken.",
        ),
        "E004": (len(secret) < SECRET_LENGTH or len(set(secret)) < 10, "The secret key is weak."),
        "E005": (layer.endswith("InMemoryChannelLayer"), "Hints stay within one process."),
        "E006": ("django.contrib.admin" in settings.INSTALLED_APPS, "Django's admin has a door of its own."),
        "E007": (not all(name.startswith("__Host-") for name in cookies), "A cookie could be set by another host."),
        "E008": (not settings.SECURE_SSL_REDIRECT, "Pages are answered without https."),
    }
    return [Error(words, id=f"portal.{id}") for id, (is_so, words) in wrong.items() if is_so]
