"""What a room will not do, in words for the person. Beside the actions that raise them."""

from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from portal import moments
from portal.errors import NotFound, Refusal


class RoomClosed(NotFound):
    message = "You are not in this room any more."


class ReadOnly(Refusal):
    code, message, status = "read_only", "This room is open for reading only at the moment.", 403


class Archived(Refusal):
    code, message, status = "archived", "This group has come to its end. You can still read here.", 403


class OutsideHours(Refusal):
    """The room opens by itself."""

    code, status = "outside_hours", 403

    def __init__(self, opens: datetime, *, at: datetime, zone: str) -> None:
        words = moments.in_words(opens, style="mid", now=at, zone=_zone(zone))
        wait = (opens - at).total_seconds()
        super().__init__(
            f"This room is closed just now. It opens again at {words}. You can still read.", retry_after=wait
        )


class NotLaterToday(Refusal):
    code, status = "not_later_today", 422
    message = "Choose a time later today."


class SlowMode(Refusal):
    code, status = "slow_mode", 429

    def __init__(self, pause: int, wait: float) -> None:
        left = max(1, ceil(wait))
        words = f"One message each {in_time(pause)} here just now. Please wait {in_time(left)}, then send it again."
        super().__init__(words, retry_after=float(left))


def in_time(seconds: int) -> str:
    """A short time in words."""
    for unit, size in (("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % size == 0 or (unit == "minute" and seconds > 120):
            count = ceil(seconds / size)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return ""


class Muted(Refusal):
    code, status = "muted", 403

    def __init__(self, until: datetime, *, at: datetime, zone: str) -> None:
        words = moments.in_words(until, style="", now=at, zone=_zone(zone))
        super().__init__(f"A facilitator asked you to pause until {words}. You can still read.")
        self.until = until

    def as_frame(self, **reference: Any) -> dict[str, Any]:
        """With the moment it ends."""
        return super().as_frame(until=self.until.isoformat(), **reference)


def _zone(name: str) -> ZoneInfo:
    """The person's zone, or the clinic's where theirs is none any more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.CLINIC_TIME_ZONE)


class KeyReused(Refusal):
    code, message = "key_reused", "This was sent before with other words. Please write it as a new message."


class NoSuchMessage(NotFound):
    code, message = "no_such_message", "That message is not there any more."


class NotYours(Refusal):
    code, message, status = "not_yours", "Only the person who wrote a message can change it.", 403


class TooManyMentions(Refusal):
    code, message = "too_many_mentions", "A message can name five people. Please name fewer."


class TooManyPins(Refusal):
    code, message = "too_many_pins", "Three messages are pinned already. Unpin one of them first."


class NoSuchReaction(Refusal):
    code, message, status = "no_such_reaction", "That reaction is not one of ours.", 400


class TooLate(Refusal):
    code, message = "too_late", "A message can be changed for 15 minutes. You can still remove it."


class TryAgain(Refusal):
    """The fault is ours and will pass. The same key can be sent again without harm."""

    code, status = "try_again", 503
    message = "This could not be kept just now. It is tried again by itself."


class NotKept(Refusal):
    code, message = "not_kept", "This message could not be kept. Please write it again in other words."
