"""Doors that stayed closed to somebody signed in: written down by the page's name, never by its address."""

from datetime import datetime

from portal import audit, limits
from portal.accounts.models import User
from portal.errors import NotAllowed, NotFound, Refusal, TooMany

VERB = "access.refused"
OUTCOMES = {NotFound.status: "not found", NotAllowed.status: "not allowed"}
BURST, EVERY = 4, 30  # of one person: four at once, then one each half minute. Hammering cannot fill the log


def note(person: User, route: str, refusal: Refusal, *, at: datetime) -> None:
    """Write it down, unless enough stands there already. Forbidden and absent leave the same and take the same."""
    outcome = OUTCOMES.get(refusal.status)
    if outcome is None:
        return
    try:
        limits.take(f"denied:{person.pk}", every=EVERY, burst=BURST, at=at)
    except TooMany:
        return
    audit.record(person, VERB, "page", route, at=at, outcome=outcome)
