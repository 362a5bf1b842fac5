"""What a room will not do, in words for the person. Beside the actions that raise them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from portal import moments
from portal.errors import NotFound, Refusal


class RoomClosed(NotFound):
    message = "You are not in this room any more."


class ReadOnly(Refusal):
    code, message, status = "read_only", "This room is open for reading only at the moment.", 403


class Muted(Refusal):
    code, status = "muted", 403

    @classmethod
    def until(cls, end: datetime, *, at: datetime, zone: str) -> "Muted":
        """The end of a mute in the person's own time."""
        words = moments.in_words(end, style="", now=at, zone=ZoneInfo(zone))
        return cls(f"A facilitator asked you to pause until {words}. You can still read.")


class KeyReused(Refusal):
    code, message = "key_reused", "This was sent before with other words. Please write it as a new message."


class NoSuchMessage(NotFound):
    code, message = "no_such_message", "That message is not there any more."


class NotYours(Refusal):
    code, message, status = "not_yours", "Only the person who wrote a message can change it.", 403


class TooLate(Refusal):
    code, message = "too_late", "A message can be changed for 15 minutes. You can still remove it."


class TryAgain(Refusal):
    """The fault is ours and will pass. The same key can be sent again without harm."""

    code, status = "try_again", 503
    message = "This could not be kept just now. It is tried again by itself."


class NotKept(Refusal):
    code, message = "not_kept", "This message could not be kept. Please write it again in other words."
