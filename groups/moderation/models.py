"""What was reported, and what was taken from whom for how long. Rows here are never deleted."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Why(models.TextChoices):
    """Why something was reported."""

    DANGER = "danger", "Someone may be in danger"
    HURTFUL = "hurtful", "It is hurtful or threatening"
    PRIVATE = "private", "It shares private details"
    MEDICINE = "medicine", "It is about getting, giving or changing medicines"
    OTHER = "other", "Something else"


class Outcome(models.TextChoices):
    """What a facilitator decided about a report."""

    NO_ACTION = "no_action", "Looked at, left as it is"
    HIDDEN = "hidden", "Hidden"
    MUTED = "muted", "Person muted for a time"
    REMOVED = "removed", "Person removed from the group"
    TALKED = "talked", "Talked with the person"


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> "ReportQuerySet":
        """Not decided yet; danger first, then the oldest."""
        urgent = models.Case(models.When(why=Why.DANGER, then=0), default=1, output_field=models.IntegerField())
        return self.filter(closed_at=None).order_by(urgent, "opened_at", "pk")


class Report(models.Model):
    """Somebody told the facilitators about something. The target is named by kind and opaque id."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20)
    target_id = models.UUIDField()
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    words = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "target_id"], condition=Q(closed_at=None), name="one_open_report_each"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome=""),
                name="a_closed_report_says_who_and_what",
            ),
        ]
        indexes = [models.Index(fields=["group", "closed_at", "opened_at"], name="reports_by_group")]

    def __str__(self) -> str:
        return f"report {self.public_id}"


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def in_force(self, at: datetime) -> "SanctionQuerySet":
        """Begun, not lifted, not over: a timed sanction ends by itself."""
        return self.filter(starts_at__lte=at, ends_at__gt=at, lifted_at=None)


class Sanction(models.Model):
    """A timed mute. Removal and ban are states of a membership."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="sanctions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sanctions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_mute_lasts"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="lifted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["group", "user", "ends_at"], name="mutes_by_person")]

    def __str__(self) -> str:
        return f"mute until {self.ends_at:%Y-%m-%d %H:%M}"


class BlockQuerySet(models.QuerySet["Block"]):
    def in_force(self) -> "BlockQuerySet":
        return self.filter(lifted_at=None)


class Block(models.Model):
    """One person wants to see nothing of another. In the rooms they share it hides both from each other."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.UniqueConstraint(
                fields=["blocker", "blocked"], condition=Q(lifted_at=None), name="one_block_in_force"
            ),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
