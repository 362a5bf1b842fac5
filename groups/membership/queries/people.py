"""Who is in a group, who asks, and whom an admin may add."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q

from groups.access import Actor, Can
from groups.membership.models import ASKING_STATES, Group, GroupRole, Membership, State
from groups.openings.queries import Openings, openings_of
from portal.accounts.access import SiteCan, site_can
from portal.accounts.models import Standing, User

PEOPLE_FOUND = 20
MEMBERS_A_PAGE = 30


@dataclass(frozen=True)
class Row:
    """One person in the group, as this reader may see them."""

    stay: Membership
    is_me: bool
    is_facilitator: bool
    muted_until: datetime | None
    may_mute: bool
    may_remove: bool
    may_change_role: bool
    may_block: bool

    @property
    def may_anything(self) -> bool:
        return self.may_block or self.may_mute or self.may_remove or self.may_change_role


@dataclass(frozen=True)
class PeoplePage:
    """The people of a group. Requests and mutes are there for who may decide on them."""

    group: Group
    facilitators: list[Row]
    members: Page
    requests: list[Membership]
    line: list[Membership]
    places_left: int
    may_read: bool
    may_decide: bool
    may_assign: bool
    openings: Openings | None  # who reads from outside: for those who answer for the group


def people_page(actor: Actor, now: datetime, *, page: str | None = None) -> PeoplePage:
    """Everything the people page prints."""
    group = actor.group
    rows = _rows(actor, now)
    may_decide = actor.can(Can.DECIDE)
    asking = _asking(group) if may_decide else []
    return PeoplePage(
        group=group,
        facilitators=[row for row in rows if row.is_facilitator],
        members=Paginator([row for row in rows if not row.is_facilitator], MEMBERS_A_PAGE).get_page(page),
        requests=[stay for stay in asking if stay.state == State.ASKED],
        line=[stay for stay in asking if stay.state != State.ASKED],
        places_left=max(0, group.places_left()) if may_decide else 0,
        may_read=actor.can(Can.READ),
        may_decide=may_decide,
        may_assign=actor.can(Can.ASSIGN),
        openings=openings_of(group, now=now) if actor.can(Can.REMOVE) else None,
    )


def requests_for(user: User) -> list[Membership]:
    """Requests this person may answer, oldest first, with `group` and `user`: for the facilitators' queue."""
    if not site_can(user, SiteCan.SEE_QUEUE):
        return []
    waiting = Membership.objects.waiting().select_related("group", "user")
    if not site_can(user, SiteCan.MANAGE_GROUPS):
        running = Membership.objects.active().filter(user=user, role=GroupRole.FACILITATOR)
        waiting = waiting.filter(group__in=running.values("group"))
    return list(waiting)


def addable(group: Group, words: str) -> list[User]:
    """Approved people an admin may add, found by name or address. Somebody who is in already is left out."""
    people = User.objects.filter(standing=Standing.APPROVED)
    for word in words.split():
        people = people.filter(
            Q(display_name__icontains=word) | Q(legal_name__icontains=word) | Q(email__icontains=word)
        )
    return list(people.exclude(pk__in=group.memberships.active().values("user")).by_name()[:PEOPLE_FOUND])


def _rows(actor: Actor, now: datetime) -> list[Row]:
    moderates, removes, assigns = (actor.can(need) for need in (Can.MODERATE, Can.REMOVE, Can.ASSIGN))
    stays = actor.group.memberships.active()
    if removes:
        stays = actor.group.memberships.filter(state__in=[State.ACTIVE, State.PAUSED])
    else:
        stays = stays.filter(user__standing=Standing.APPROVED)
    mutes = _mutes(actor.group, now) if moderates else {}
    rows = []
    for stay in stays.by_name():
        is_me, runs = stay.user_id == actor.user.pk, stay.role == GroupRole.FACILITATOR
        rows.append(
            Row(
                stay=stay,
                is_me=is_me,
                is_facilitator=runs,
                muted_until=mutes.get(stay.user_id),
                may_mute=moderates and not is_me and not runs and stay.is_in,
                may_remove=removes and not is_me and (assigns or not runs),
                may_change_role=assigns and stay.is_in,
                may_block=actor.can(Can.READ) and not (is_me or runs or actor.is_facilitator) and stay.is_in,
            )
        )
    return rows


def _mutes(group: Group, now: datetime) -> dict[int, datetime]:
    in_force = group.sanctions.in_force(now).order_by("ends_at")
    return dict(in_force.values_list("user", "ends_at"))


def _asking(group: Group) -> list[Membership]:
    asking = group.memberships.filter(state__in=ASKING_STATES).select_related("user")
    return list(asking.with_place_in_line().order_by("asked_at", "pk"))
