"""What pages need, already fetched."""

from groups.schedule.queries.pages import (
    Agenda,
    SessionPage,
    SessionsPage,
    agenda,
    next_in,
    next_session,
    session_page,
    sessions_page,
)
from groups.schedule.queries.rows import SeriesRow, SessionRow, Span, series_row

__all__ = [
    "Agenda",
    "SeriesRow",
    "SessionPage",
    "SessionRow",
    "SessionsPage",
    "Span",
    "agenda",
    "next_in",
    "next_session",
    "series_row",
    "session_page",
    "sessions_page",
]
