"""When an admin may read a group they are not in: for a stated reason and a short time."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class OpeningQuerySet(models.QuerySet["Opening"]):
    def in_force(self, at: datetime) -> "OpeningQuerySet":
        """Openings that let somebody read at this moment."""
        return self.filter(opened_at__lte=at, ends_at__gt=at, ended_at=None)

    def newest_first(self) -> "OpeningQuerySet":
        return self.select_related("admin").order_by("-opened_at", "-pk")


class Opening(models.Model):
    """An admin opened a group to read it. It ends by itself; rows are never deleted."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="openings")
    admin = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # closed by hand before it ended by itself

    objects = OpeningQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="an_opening_lasts"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_opening_has_a_reason"),
        ]
        indexes = [models.Index(fields=["admin", "group", "ends_at"], name="openings_in_force")]

    def __str__(self) -> str:
        return f"opening {self.public_id}"

    @property
    def closes_at(self) -> datetime:
        """When it ended, or will."""
        return self.ended_at or self.ends_at
