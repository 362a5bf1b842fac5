"""Doors that stayed closed to somebody signed in: written down by the page's or the operation's name, never by an
address or an id."""

from datetime import datetime

from portal import audit, limits
from portal.accounts.models import User
from portal.errors import NotAllowed, NotFound, TooMany

VERB = "access.refused"
OUTCOMES = {NotFound.status: "not found", NotAllowed.status: "not allowed"}
BURST, EVERY = 4, 30  # of one person: four at once, then one each half minute. Hammering cannot fill the log


def note(person: User, name: str, status: int, *, at: datetime, kind: str = "page") -> None:
    """Write it down, unless enough stands there already. Forbidden and absent leave the same and take the same."""
    outcome = OUTCOMES.get(status)
    if outcome is None:
        return
    try:
        limits.take(f"denied:{person.pk}", every=EVERY, burst=BURST, at=at)
    except TooMany:
        return
    audit.record(person, VERB, kind, name, at=at, outcome=outcome)
