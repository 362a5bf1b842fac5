"""Moments in the words people say: "Today, 5:30pm", "Tue 24 Nov, 5:30pm", "2 hours ago"."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

MINUTE, HOUR, DAY = 60, 3600, 86400


def clock(at: datetime) -> str:
    """A wall clock time: 5:30pm, 8am, 12 noon."""
    if at.minute == 0 and at.hour in (0, 12):
        return "12 noon" if at.hour else "12 midnight"
    hour = at.hour % 12 or 12
    half = "am" if at.hour < 12 else "pm"
    return f"{hour}:{at.minute:02}{half}" if at.minute else f"{hour}{half}"


def day(at: datetime, now: datetime) -> str:
    """A day: Tue 24 Nov, with the year only when it is another one."""
    year = f" {at.year}" if at.year != now.year else ""
    return f"{at:%a} {at.day} {at:%b}{year}"


def near_day(at: datetime, now: datetime) -> str:
    """Today, tomorrow or yesterday, and nothing for any other day. Both moments in the reader's zone."""
    return {0: "today", 1: "tomorrow", -1: "yesterday"}.get((at.date() - now.date()).days, "")


def ago(at: datetime, now: datetime) -> str:
    """How long since, or until, in one unit."""
    seconds = (now - at).total_seconds()
    size = abs(seconds)
    if size < MINUTE:
        return "just now" if seconds >= 0 else "in a moment"
    for unit, length, limit in (("minute", MINUTE, HOUR), ("hour", HOUR, DAY), ("day", DAY, 14 * DAY)):
        if size < limit:
            count = int(size // length)
            words = f"{count} {unit}" if count == 1 else f"{count} {unit}s"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return day(at, now)


def in_words(at: datetime, *, style: str, now: datetime, zone: tzinfo | None = None) -> str:
    """The moment in the reader's zone; the zone is named when it differs from the clinic's.

    "near" says today, tomorrow and yesterday; "mid" does so inside a sentence: "until 6pm tomorrow".
    """
    zone = zone or timezone.get_current_timezone()
    here, now = at.astimezone(zone), now.astimezone(zone)
    match style:
        case "date":
            return day(here, now)
        case "time":
            return clock(here) + _zone_name(here)
        case "ago":
            return ago(here, now)
        case "full":
            return f"{here:%A} {here.day} {here:%B} {here.year}, {clock(here)}{_zone_name(here)}"
        case "near" if word := near_day(here, now):
            return f"{word.capitalize()}, {clock(here)}{_zone_name(here)}"
        case "mid" if word := near_day(here, now):
            return f"{clock(here)}{_zone_name(here)} {word}"
        case _:
            return f"{day(here, now)}, {clock(here)}{_zone_name(here)}"


def _zone_name(here: datetime) -> str:
    clinic = here.astimezone(ZoneInfo(settings.TIME_ZONE))
    return "" if clinic.utcoffset() == here.utcoffset() else f" {here:%Z}"
