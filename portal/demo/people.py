"""Accounts of the demo: every role and every standing."""

from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from portal.accounts.models import Role, Standing, User
from portal.demo import content
from portal.demo.clock import Clock
from portal.demo.names import opaque_id

FIRST_ADMIN = "Pat at the clinic"
ZONE = "America/New_York"
LET_IN_AFTER = timedelta(hours=3)
People = dict[str, User]  # by display name


def marker() -> Any:
    """The id by which a database is known to hold the demo already."""
    return opaque_id("person", FIRST_ADMIN)


def make_people(clock: Clock, *, password: str) -> People:
    """Everybody, by display name. The password is hashed once: demo people share it anyway."""
    hashed = make_password(password)
    rows = [
        _person(Role(role), facts, clock, hashed) for role, several in content.people().items() for facts in several
    ]
    people = {row.display_name: row for row in rows}
    User.objects.bulk_create(rows)
    decider = people[FIRST_ADMIN]
    for row in rows:
        if row is not decider and row.standing not in (Standing.INVITED, Standing.WAITING):
            row.standing_by = decider
    User.objects.bulk_update(rows, ["standing_by"])
    EmailAddress.objects.bulk_create(
        EmailAddress(user=row, email=row.email, primary=True, verified=True)
        for row in rows
        if row.standing != Standing.INVITED
    )
    return people


def _person(role: Role, facts: dict[str, Any], clock: Clock, hashed: str) -> User:
    standing = Standing(facts.get("standing", Standing.APPROVED))
    since = _morning(clock, facts["since"])
    return User(
        public_id=opaque_id("person", facts["name"]),
        email=facts["email"],
        display_name=facts["name"],
        legal_name=facts["legal"],
        role=role,
        standing=standing,
        time_zone=facts.get("zone", ZONE),
        password=make_password(None) if standing == Standing.INVITED else hashed,
        created_at=since,
        standing_at=_decided(standing, since, facts, clock),
    )


def _morning(clock: Clock, days: int) -> datetime:
    """Some time that morning, and surely before now."""
    return min(clock.at(-days, time(7, 40)), clock.ago(1, 30))


def _decided(standing: Standing, since: datetime, facts: dict[str, Any], clock: Clock) -> datetime | None:
    """When an admin last changed where the account stands; nobody has for those who wait."""
    if standing in (Standing.INVITED, Standing.WAITING):
        return None
    if standing == Standing.APPROVED:
        return since + LET_IN_AFTER
    return clock.at(-facts["changed"], time(15, 20))
