"""When a room may be written in, and how often: what its facilitators have chosen. Pure.

Open hours are times on the clinic's wall; they may go over midnight.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from chat.models import Room, RoomKind, RoomState

RULES = "r.state, r.slow_seconds, r.opens_at, r.closes_at, r.archived, r.kind"


@dataclass(frozen=True, slots=True)
class RoomRules:
    """The rules of a room at one moment. Without hours it is open all day."""

    state: str = RoomState.OPEN
    slow_seconds: int = 0
    opens_at: time | None = None
    closes_at: time | None = None
    archived: bool = False
    kind: str = RoomKind.GROUP

    @classmethod
    def of(cls, room: Room) -> "RoomRules":
        return cls(room.state, room.slow_seconds, room.opens_at, room.closes_at, room.archived, room.kind)

    @property
    def is_read_only(self) -> bool:
        return self.state == RoomState.READ_ONLY

    def is_within_hours(self, at: datetime) -> bool:
        """Whether the clock allows to write."""
        if self.opens_at is None or self.closes_at is None:
            return True
        now = at.astimezone(_zone()).time()
        if self.opens_at < self.closes_at:
            return self.opens_at <= now < self.closes_at
        return now >= self.opens_at or now < self.closes_at

    def is_open(self, at: datetime) -> bool:
        """Whether members may write."""
        return not self.archived and not self.is_read_only and self.is_within_hours(at)

    def next_turn(self, at: datetime) -> datetime | None:
        """When the clock opens or closes the room next."""
        if self.opens_at is None or self.closes_at is None:
            return None
        return min(_next(self.opens_at, at), _next(self.closes_at, at))

    def opens_next(self, at: datetime) -> datetime | None:
        """When it opens, if it is the clock that keeps it closed."""
        return None if self.opens_at is None or self.is_within_hours(at) else _next(self.opens_at, at)


def _next(wall: time, at: datetime) -> datetime:
    """The next moment at which the clinic's clock shows this time."""
    today = at.astimezone(_zone()).date()
    moments = (datetime.combine(today + timedelta(days=days), wall, _zone()) for days in (0, 1))
    return next(moment for moment in moments if moment > at)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.CLINIC_TIME_ZONE)
