"""What a password must be: long, and hard to guess. No rules about kinds of characters; nothing is asked outside.

`zxcvbn` brings the lists (30,000 leaked passwords, 20,000 names, 50,000 words) and knows the patterns people use; the
words of this place and of the person count as known to everybody.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 128
LOOKED_AT = 72  # characters; what comes after these only makes it better
HARD_ENOUGH = 4  # of zxcvbn's 0 to 4: more than 10,000,000,000 guesses
ADVICE = "Put three or four words together that do not belong together."
WORDS = {
    "context": "It is made of your name, or of words that everybody here would try.",
    "repeat": "It says the same thing again and again.",
    "sequence": "It follows the alphabet or counts up.",
    "spatial": "It follows the keys of the keyboard.",
    "date": "It is mostly a date.",
    "names": "It is mostly a name.",
    "passwords": "It is like the passwords many people use.",
}


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 64 MiB, three passes and one lane: RFC 9106's second choice, on one core of a shared machine."""

    time_cost = 3
    memory_cost = 64 * 1024  # KiB
    parallelism = 1


class LongEnough:
    """From 12 to 128 characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(f"This is too short. Use at least {SHORTEST} characters.", code="too_short")
        if len(password) > LONGEST:
            raise ValidationError(f"This is too long. Use at most {LONGEST} characters.", code="too_long")

    def get_help_text(self) -> str:
        return f"At least {SHORTEST} characters."


class HardToGuess:
    """Nothing that somebody who knows the place, the person and the usual lists would come to soon."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST:
            return  # said already
        found = zxcvbn(password[:LOOKED_AT], user_inputs=context_words(user))
        if found["score"] < HARD_ENOUGH:
            raise ValidationError(f"This is easy to guess. {_why(found['sequence'])} {ADVICE}", code="easy")

    def get_help_text(self) -> str:
        return ADVICE


def context_words(user: Any) -> list[str]:
    """What anybody here would try first: the place's words and the person's own."""
    own = [getattr(user, name, "") or "" for name in ("email", "display_name", "legal_name")]
    place = [settings.CLINIC_NAME, settings.PORTAL_NAME, settings.NEUTRAL_NAME, settings.PASSWORD_CONTEXT]
    said = " ".join([*own, *place]).lower()
    parts = [part for part in re.split(r"[^\w]+", said) if len(part) > 2]
    return [*parts, *("".join(text.lower().split()) for text in (*own, *place[:2]) if text)]


def _why(sequence: list[dict[str, Any]]) -> str:
    """What makes up most of it."""
    told = [match for match in sequence if match["pattern"] != "bruteforce"]
    if not told:
        return ""
    most = max(told, key=lambda match: len(match["token"]))
    kind = most["pattern"]
    if kind == "dictionary":
        kind = {"user_inputs": "context", "passwords": "passwords"}.get(most["dictionary_name"], "")
        kind = kind or ("names" if "name" in most["dictionary_name"] else "passwords")
    return WORDS.get(kind, WORDS["passwords"])
