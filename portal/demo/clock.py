"""The demo's calendar: every day in the texts is counted from today, so the community is always alive."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NIGHT = timedelta(hours=6)  # "now" messages reach this far back; earlier days end before it


class Clock:
    """Turns "12 days ago at 18:30" into a moment.

    A day begins six hours late: shortly after midnight, "today" is still the day before. So whatever was written on an
    earlier day lies before all that was written in the last hours.
    """

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)
        self.today = (now - NIGHT).astimezone(self.zone).date()

    def date(self, days: int) -> date:
        """The day so many days from today; negative ones are past."""
        return self.today + timedelta(days=days)

    def at(self, days: int, wall: time) -> datetime:
        """That day at that hour by the clinic's clocks, whatever the season did to them."""
        return datetime.combine(self.date(days), wall, tzinfo=self.zone)

    def ago(self, hours: int, minutes: int) -> datetime:
        """Within the last hours."""
        return self.now - timedelta(hours=hours, minutes=minutes)
