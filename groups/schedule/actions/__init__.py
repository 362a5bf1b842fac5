"""What people do with series and sessions. Each opens its own door and transaction."""

from groups.schedule.actions.series import MeetsAlready, end_series, extend_series, start_series
from groups.schedule.actions.sessions import answer, cancel_session, change_details

__all__ = [
    "MeetsAlready",
    "answer",
    "cancel_session",
    "change_details",
    "end_series",
    "extend_series",
    "start_series",
]
