"""Groups of the demo, their agreements, and everybody's stays in them, step by step."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from groups.membership.models import (
    Agreement,
    AgreementReceipt,
    Group,
    GroupRole,
    History,
    JoinRule,
    Membership,
    MembershipChange,
    Site,
    State,
    Status,
)
from portal.accounts.models import User
from portal.demo import content
from portal.demo.clock import Clock
from portal.demo.names import luck, opaque_id
from portal.demo.people import FIRST_ADMIN, People

MADE_AT = time(7, 0)
BEFORE = timedelta(hours=15)  # how long a request waits


@dataclass
class Circle:
    """A group with what the rest of the demo needs of it."""

    key: str
    facts: dict[str, Any]
    group: Group
    facilitators: list[User]
    stays: list[Membership]
    steps: list[MembershipChange]

    def present(self, at: datetime) -> list[Membership]:
        """Stays of those who were in at that moment."""
        return [stay for stay in self.stays if _is_in(stay, at)]


def _is_in(stay: Membership, at: datetime) -> bool:
    in_by_then = stay.joined_at is not None and stay.joined_at <= at
    return in_by_then and stay.state != State.PAUSED and (stay.ended_at is None or stay.ended_at > at)


def make_groups(clock: Clock, people: People) -> dict[str, Circle]:
    """All groups, by key, filled."""
    sites = {
        row["key"]: Site(name=row["name"], address=row["address"], online=not row["address"]) for row in content.sites()
    }
    for row in sites.values():  # a clinic's own sites may be there already
        row.pk = Site.objects.get_or_create(name=row.name, defaults={"address": row.address, "online": row.online})[
            0
        ].pk
    circles = {facts["key"]: _circle(facts, sites[facts["site"]], clock, people) for facts in content.groups()}
    every = list(circles.values())
    Group.objects.bulk_create(circle.group for circle in every)
    Membership.objects.bulk_create(stay for circle in every for stay in circle.stays)
    MembershipChange.objects.bulk_create(step for circle in every for step in circle.steps)
    _agree(every, clock)
    return circles


def _circle(facts: dict[str, Any], site: Site, clock: Clock, people: People) -> Circle:
    group = Group(
        public_id=opaque_id("group", facts["key"]),
        name=facts["name"],
        purpose=facts["purpose"].strip(),
        focus=facts["focus"],
        site=site,
        capacity=facts["capacity"],
        join_rule=JoinRule(facts["join"]),
        status=Status.OPEN,
        history=History(facts.get("history", History.ALL)),
        pictures=facts.get("pictures", False),
        created_at=clock.at(-facts["since"], MADE_AT),
    )
    circle = Circle(facts["key"], facts, group, [people[name] for name in facts["facilitators"]], [], [])
    for person in circle.facilitators:
        _add(circle, person, asked=group.created_at, joined=group.created_at, by=people[FIRST_ADMIN])
    _fill(circle, clock, people)
    return circle


def _fill(circle: Circle, clock: Clock, people: People) -> None:
    facts, hours = circle.facts, circle.facts.get("hours", {})
    lead = circle.facilitators[0]
    for name, days in facts["members"].items():
        wall = time.fromisoformat(hours[name]) if name in hours else time(8, luck(50, name, circle.key))
        joined = clock.at(-days, wall)
        if facts["join"] == "open":
            _add(circle, people[name], asked=joined, joined=joined, by=people[name])
        else:
            _add(circle, people[name], asked=joined - BEFORE, joined=joined, by=lead)
    for row in facts.get("past", []):
        joined = clock.at(-row["joined"], time(8, luck(50, row["who"])))
        ended = clock.at(-row["ended"], time.fromisoformat(row["at"]))
        person = people[row["who"]]
        stay = _add(circle, person, asked=joined - BEFORE, joined=joined, by=lead)
        _step(circle, stay, State(row["how"]), person, ended)
    for row in facts.get("asked", []):
        _add(circle, people[row["who"]], asked=clock.at(-row["days"], time(19, 12)), words=row["words"])
    for name, days in facts.get("waitlisted", {}).items():
        _add(circle, people[name], asked=clock.at(-days, time(12, 40)), waits=True)


def _add(
    circle: Circle,
    person: User,
    *,
    asked: datetime,
    joined: datetime | None = None,
    by: User | None = None,
    words: str = "",
    waits: bool = False,
) -> Membership:
    """Begin a stay. With `joined` the person comes in at that moment, let in by `by`; some come in at once."""
    facilitates = person in circle.facilitators
    stay = Membership(
        public_id=opaque_id("stay", circle.key, person.display_name),
        group=circle.group,
        user=person,
        role=GroupRole.FACILITATOR if facilitates else GroupRole.MEMBER,
        state=State.ASKED,
        asked_at=asked,
        words=words,
    )
    circle.stays.append(stay)
    if asked != joined:
        _step(circle, stay, State.WAITLISTED if waits else State.ASKED, person, asked)
    if joined is not None and by is not None:
        stay.joined_at = joined
        _step(circle, stay, State.ACTIVE, by, joined)
    return stay


def _step(circle: Circle, stay: Membership, state: State, by: User, at: datetime) -> None:
    stay.state = state
    if state == State.LEFT:
        stay.ended_at = at
    circle.steps.append(MembershipChange(membership=stay, state=state, role=stay.role, by=by, at=at))


def _agree(circles: list[Circle], clock: Clock) -> None:
    """One agreement a group; everybody accepted it before asking or on their first day."""
    texts = {
        circle.key: Agreement(
            group=circle.group,
            version=1,
            text=content.agreement(circle.facts["promise"]),
            published_at=circle.group.created_at,
        )
        for circle in circles
    }
    Agreement.objects.bulk_create(texts.values())
    AgreementReceipt.objects.bulk_create(
        AgreementReceipt(agreement=texts[circle.key], user=stay.user, accepted_at=stay.asked_at)
        for circle in circles
        for stay in circle.stays
    )
