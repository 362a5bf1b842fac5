"""The list of groups: mine, those I wait for, and those I could join."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from groups.membership.models import ASKING_STATES, Group, Membership, Site, next_session_of
from portal.accounts.access import SiteCan, site_can
from portal.accounts.models import User

CARDS_A_PAGE = 12


@dataclass(frozen=True)
class Mine:
    """A group I am in."""

    stay: Membership
    next_at: datetime | None
    facilitators: str  # display names; only who is in learns them


@dataclass(frozen=True)
class Card:
    """What a stranger may know of a group."""

    group: Group
    next_at: datetime | None
    places_left: int


@dataclass(frozen=True)
class GroupsPage:
    """The page of all groups."""

    mine: list[Mine]
    asked: list[Membership]
    cards: Page
    may_set_up: bool


def groups_page(
    user: User, groups: QuerySet[Group], *, site: int | None, words: str, page: str | None, now: datetime
) -> GroupsPage:
    """Everything the list of groups prints. `groups` are those the person may see the card of."""
    stays = _stays(user, now)
    others = groups.exclude(pk__in=[stay.group_id for stay in stays]).about(words)  # type: ignore[attr-defined]
    if site is not None:
        others = others.filter(site=site)
    rows = others.with_places().with_next_session(now).select_related("site").by_name()
    cards = Paginator(rows, CARDS_A_PAGE).get_page(page)
    cards.object_list = [_card(group) for group in cards.object_list]
    return GroupsPage(
        mine=_mine([stay for stay in stays if stay.state not in ASKING_STATES]),
        asked=[stay for stay in stays if stay.state in ASKING_STATES],
        cards=cards,
        may_set_up=site_can(user, SiteCan.MANAGE_GROUPS),
    )


def open_requests(user: User) -> list[Membership]:
    """What this person has asked for and waits to hear about, with `group` and `place_in_line`."""
    waiting = Membership.objects.filter(user=user, state__in=ASKING_STATES)
    return list(waiting.select_related("group__site").with_place_in_line().order_by("asked_at", "pk"))


def all_sites() -> list[Site]:
    """Where groups can meet, by name, online last."""
    return list(Site.objects.order_by("online", "name", "pk"))


def _stays(user: User, now: datetime) -> list[Membership]:
    stays = Membership.objects.open().filter(user=user).select_related("group__site").with_place_in_line()
    return list(stays.annotate(next_at=next_session_of("group", now)).order_by("group__name", "pk"))


def _mine(stays: list[Membership]) -> list[Mine]:
    names: dict[int, list[str]] = defaultdict(list)
    running = Membership.objects.facilitating().filter(group__in=[stay.group_id for stay in stays if stay.is_in])
    for group_id, name in running.order_by("user__display_name", "pk").values_list("group", "user__display_name"):
        names[group_id].append(name)
    return [
        Mine(stay, stay.next_at, " and ".join(names[stay.group_id]))  # type: ignore[attr-defined]
        for stay in stays
    ]


def _card(group: Group) -> Card:
    left = max(0, group.capacity - group.taken - group.in_line)  # type: ignore[attr-defined]
    return Card(group, group.next_at, left)  # type: ignore[attr-defined]
