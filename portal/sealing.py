"""Keeps a secret unreadable while it lies in the database: a code until its mail has gone, the seed of an app.

The keys are a ring, FIELD_KEYS: the first one seals, all of them open. To change a key, put the new one in front, run
`manage.py reseal`, then take the old one away.
"""

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


def reseal(sealed: str) -> str:
    """The same secret under the newest key. Raises Unreadable."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in settings.FIELD_KEYS])


def _key(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.sha256(f"sealing {secret}".encode()).digest()))
