"""What a page says about who may read the group from outside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from groups.membership.models import Group
from groups.openings.models import Opening
from portal.accounts.models import User

SHOWN_FOR = timedelta(days=90)
MOST = 20


@dataclass(frozen=True)
class Openings:
    """Of one group: those in force, and those of the last months."""

    now: list[Opening]
    before: list[Opening]


def openings_of(group: Group, *, now: datetime) -> Openings:
    """Newest first."""
    rows = list(group.openings.newest_first().filter(ends_at__gt=now - SHOWN_FOR)[:MOST])
    in_force = [row for row in rows if row.closes_at > now]
    return Openings(in_force, [row for row in rows if row not in in_force])


def my_opening(group: Group, admin: User, *, now: datetime) -> Opening | None:
    """The one that lets this admin read now."""
    return group.openings.in_force(now).filter(admin=admin).first()
