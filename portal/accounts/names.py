"""What a display name may be: pure rules, in words for the person. That nobody else has it, the database knows."""

import re
import unicodedata

from portal.accounts.likeness import mixes_alphabets, shows, sounds_like_staff

SHORTEST, LONGEST = 2, 40
HINT = "Others see this name. Choose one that is not your real name, such as “Quiet River”."

_ALLOWED = re.compile(r"[\w .’'-]+")  # letters of any script, digits, and what stands between them
_ADDRESS = re.compile(r"@|://|\bwww\b|\w\.[a-z]{2,}\b", re.IGNORECASE)
_PHONE = re.compile(r"(?:\d[ .'-]*){6,}")


class NameRefused(ValueError):
    """Why a display name cannot be taken."""


def tidy(text: str) -> str:
    """One form for names that look alike: compatible letters made plain, spaces single."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def check_display_name(text: str, *, legal_name: str = "", email: str = "", for_staff: bool = False) -> str:
    """The tidy name. Raises NameRefused with a sentence."""
    name = tidy(text)
    if not SHORTEST <= len(name) <= LONGEST:
        raise NameRefused(f"Use between {SHORTEST} and {LONGEST} letters.")
    if _ADDRESS.search(name):
        raise NameRefused("Leave out e-mail and web addresses. They would tell others who you are.")
    if _PHONE.search(name):
        raise NameRefused("Leave out phone numbers. They would tell others who you are.")
    if not _ALLOWED.fullmatch(name) or "_" in name:
        raise NameRefused("Use letters, numbers, spaces, dots and dashes only.")
    if not any(letter.isalpha() for letter in name):
        raise NameRefused("Use at least one letter.")
    if not shows(name) or mixes_alphabets(name):
        raise NameRefused("Use the letters of one alphabet in a word.")
    if sounds_like_staff(name) and not for_staff:
        raise NameRefused("This name sounds like somebody who works here. Choose another one.")
    if _is_part_of(name, legal_name, email):
        raise NameRefused("This looks like your real name. Choose a name that does not tell who you are.")
    return name


def _is_part_of(name: str, legal_name: str, email: str) -> bool:
    """The whole real name, its last name, or the part of an address before the @."""
    said = set(_words(name))
    real = _words(legal_name)
    if len(real) > 1 and (said >= set(real) or (len(real[-1]) > 2 and real[-1] in said)):
        return True
    alias = "".join(_words(email.partition("@")[0]))
    return len(alias) > 3 and alias == "".join(_words(name)) and alias == "".join(real)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", tidy(text).casefold())
