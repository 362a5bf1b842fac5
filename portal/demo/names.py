"""Ids that are the same in every run, so that pictures and measurements can be compared."""

from uuid import UUID, uuid5
from zlib import crc32

_SPACE = UUID("5f0c6d0e-6d3a-4f0b-9a57-2f3f1f9b7c11")


def opaque_id(*parts: object) -> UUID:
    """The id of the thing these words name."""
    return uuid5(_SPACE, "/".join(map(str, parts)))


def luck(sides: int, *parts: object) -> int:
    """A number below `sides` that looks thrown but is the same every time."""
    return crc32("/".join(map(str, parts)).encode()) % sides
