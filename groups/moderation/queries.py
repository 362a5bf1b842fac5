"""What the moderation pages need, already fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery

from groups.access import Actor, Can
from groups.membership.models import Group, GroupRole, Membership, State
from groups.moderation.access import may_read
from groups.moderation.models import Report, Sanction, Why
from groups.moderation.targets import Target, kind_named
from portal.accounts.access import SiteCan, site_can
from portal.accounts.models import User
from portal.errors import NotFound

QUOTE = 280  # characters of a reported text that the reporter sees again
ENOUGH = 100  # rows a queue shows at once
EARLIER = 5  # decided reports about the same person


@dataclass(frozen=True)
class Waiting:
    """Open reports about one thing, as one row of the queue."""

    first: Report
    count: int
    urgent: bool

    @property
    def why(self) -> str:
        return Why.DANGER.label if self.urgent else self.first.get_why_display()

    @property
    def where(self) -> str:
        return f"{self.first.group.name}, about {self.first.about.display_name}"


@dataclass(frozen=True)
class Queue:
    """What waits for one facilitator or admin."""

    reports: list[Waiting]
    mutes: list[Sanction]  # each with `stay_id`, the public id of the person's stay
    elsewhere: list[Any]  # for admins: how many reports wait in groups they are not in


@dataclass(frozen=True)
class Case:
    """Everything about one report, for the facilitators of its group."""

    report: Report
    target: Target | None  # nothing once it is no longer kept
    told: list[Report]  # every report about the same thing
    earlier: list[Report]  # decided ones about the same person
    mute: Sanction | None
    may_decide: bool
    may_hide: bool
    may_mute: bool
    may_remove: bool

    @property
    def urgent(self) -> bool:
        """Whether somebody still waits with a word of danger."""
        return any(row.closed_at is None and row.why == Why.DANGER for row in self.told)


def my_mute(user: User, group: Group, at: datetime) -> Sanction | None:
    """The mute this person is under in the group, with its end and its reason."""
    return Sanction.objects.in_force(at).filter(group=group, user=user).order_by("-ends_at", "pk").first()


def queue(user: User, *, at: datetime) -> Queue:
    """Reports and mutes of the groups this person facilitates; for admins, counts of the others."""
    mine = _facilitated(user)
    rows = Report.objects.open().filter(group__in=mine.values("group")).exclude(about=user)
    return Queue(
        reports=_by_target(rows.select_related("group", "about")[:ENOUGH]),
        mutes=_mutes(mine, at),
        elsewhere=list(_elsewhere(user, mine)) if site_can(user, SiteCan.MANAGE_GROUPS) else [],
    )


def open_reports(user: User) -> int:
    """How many reports wait for this person, for the badge beside the place."""
    rows = Report.objects.filter(closed_at=None, group__in=_facilitated(user).values("group")).exclude(about=user)
    return rows.aggregate(count=Count("target_id", distinct=True))["count"]


def case(actor: Actor, report: Report, *, at: datetime) -> Case:
    """The reported thing as it is now, who told about it, and what was decided about its author before."""
    target = _kept(report)
    rows = Report.objects.filter(group=actor.group)
    told = rows.filter(kind=report.kind, target_id=report.target_id).select_related("reporter", "closed_by")
    before = rows.filter(about=report.about, closed_at__isnull=False).exclude(target_id=report.target_id)
    stay = Membership.objects.active().filter(group=actor.group, user=report.about).first()
    is_member = stay is not None and stay.role == GroupRole.MEMBER
    return Case(
        report=report,
        target=target,
        told=list(told.order_by("opened_at", "pk")),
        earlier=list(before.order_by("-closed_at", "-pk")[:EARLIER]),
        mute=my_mute(report.about, actor.group, at),
        may_decide=report.closed_at is None and actor.can(Can.MODERATE),
        may_hide=target is not None and target.in_sight and actor.can(Can.MODERATE),
        may_mute=is_member and actor.can(Can.MODERATE),
        may_remove=is_member and actor.can(Can.REMOVE),
    )


def report_page(actor: Actor, target: Target, *, at: datetime) -> dict[str, Any]:
    """What is about to be reported, as far as this person may read it, and whether they told about it already."""
    readable = may_read(actor, target, at=at)
    told = Report.objects.filter(closed_at=None, reporter=actor.user, kind=target.kind, target_id=target.public_id)
    return {
        "group": actor.group,
        "own": target.author == actor.user,
        "author": target.author if readable else None,
        "quote": _beginning(target.text) if readable else "",
        "written_at": target.at,
        "told_already": told.exists(),
    }


def mute_page(actor: Actor, stay: Membership, *, at: datetime) -> dict[str, Any]:
    """Whom a mute is about, and the one they are under."""
    return {
        "group": actor.group,
        "stay": stay,
        "present": my_mute(stay.user, actor.group, at),
        "may_mute": stay.state == State.ACTIVE and stay.role == GroupRole.MEMBER,
    }


def _beginning(text: str) -> str:
    return text if len(text) <= QUOTE else text[:QUOTE].rstrip() + "…"


def _kept(report: Report) -> Target | None:
    """The reported thing, as long as it is there: what was decided about it outlives it."""
    kind = kind_named(report.kind)
    try:
        return kind.find(report.target_id)
    except NotFound:
        return None


def _facilitated(user: User) -> "models.QuerySet[Membership]":
    return Membership.objects.facilitating().filter(user=user)


def _by_target(rows: Iterable[Report]) -> list[Waiting]:
    """One row a thing, in the order of its most urgent report."""
    things: dict[tuple[str, object], list[Report]] = {}
    for row in rows:
        things.setdefault((row.kind, row.target_id), []).append(row)
    return [
        Waiting(first=told[0], count=len(told), urgent=any(row.why == Why.DANGER for row in told))
        for told in things.values()
    ]


def _mutes(mine: "models.QuerySet[Membership]", at: datetime) -> list[Sanction]:
    stays = Membership.objects.active().filter(group=OuterRef("group"), user=OuterRef("user"))
    rows = Sanction.objects.in_force(at).filter(Exists(stays), group__in=mine.values("group"))
    rows = rows.annotate(stay_id=Subquery(stays.values("public_id")[:1])).select_related("group", "user", "by")
    return list(rows.order_by("ends_at", "pk")[:ENOUGH])


def _elsewhere(user: User, mine: "models.QuerySet[Membership]") -> Iterable[Any]:
    """Counts only: an admin who is not in the group reads none of it, nor who said or told what."""
    led = Membership.objects.facilitating().filter(group=OuterRef("group"), user=OuterRef("about"))
    return (
        Report.objects.filter(closed_at=None)
        .exclude(group__in=mine.values("group"))
        .exclude(about=user)
        .values("group__public_id", "group__name")
        .annotate(
            waiting=Count("pk"),
            urgent=Count("pk", filter=Q(why=Why.DANGER)),
            about_facilitator=Count("pk", filter=Exists(led)),
            oldest_at=Min("opened_at"),
        )
        .order_by("-urgent", "oldest_at", "group__public_id")
    )
