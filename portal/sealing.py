"""Keeps a short secret unreadable while it lies in the database: a code until its mail has gone, for one."""

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Sealed with a key this portal no longer has, or changed since."""


def seal(secret: str) -> str:
    """Encrypt with the newest key."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt with whichever of our keys fits. Raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _keys() -> MultiFernet:
    return MultiFernet([_key(str(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.sha256(f"sealing {secret}".encode()).digest()))
