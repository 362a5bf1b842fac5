"""Which reported things must be kept though their time is over."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from groups.moderation.models import Report


def needed(kind: str, targets: Iterable[UUID], *, closed_after: datetime) -> set[UUID]:
    """Those of these that a report is about which nobody has decided, or which was decided not long ago."""
    rows = Report.objects.filter(kind=kind, target_id__in=list(targets))
    return set(rows.filter(Q(closed_at=None) | Q(closed_at__gte=closed_after)).values_list("target_id", flat=True))
