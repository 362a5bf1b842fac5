"""What stands beside the conversation: the group's next session, and for who moderates what waits for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from groups.access import Actor, Can
from groups.membership.models import Group, Membership
from groups.moderation.models import Report, Sanction
from groups.schedule.queries import SessionRow, next_in


@dataclass(frozen=True)
class Beside:
    """The details column."""

    next_session: SessionRow | None
    reports: int = 0
    requests: int = 0
    muted: int = 0

    @property
    def waits(self) -> bool:
        """Whether there is anything for who moderates."""
        return bool(self.reports or self.requests or self.muted)


def beside(actor: Actor, *, now: datetime) -> Beside:
    """What this person sees there."""
    coming = next_in(actor, now=now)
    return Beside(coming, **_waiting(actor, now)) if actor.can(Can.MODERATE) else Beside(coming)


def _waiting(actor: Actor, now: datetime) -> dict[str, int]:
    """Counts of one group, in one statement."""
    reports = Report.objects.filter(closed_at=None).exclude(about=actor.user)
    counts = Group.objects.filter(pk=actor.group.pk).values_list(
        _counted(reports, "target_id"),
        _counted(Membership.objects.waiting(), "pk"),
        _counted(Sanction.objects.in_force(now), "user"),
    )
    return dict(zip(("reports", "requests", "muted"), counts.get(), strict=True))


def _counted(rows: QuerySet, what: str) -> Coalesce:
    mine = rows.filter(group=OuterRef("pk")).order_by().values("group")
    return Coalesce(Subquery(mine.annotate(n=Count(what, distinct=True)).values("n"), output_field=IntegerField()), 0)
