"""When groups meet: the rule, the real meetings it makes, and who is coming."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q


class Series(models.Model):
    """A rule: wall time in a zone, every week or every second week, from a first day on."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="series")
    title = models.CharField(max_length=80)
    starts_on = models.DateField()
    wall_time = models.TimeField()
    zone = models.CharField(max_length=64)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(default=75)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "groups"
        constraints = [
            models.CheckConstraint(condition=Q(every_weeks__in=[1, 2, 3, 4]), name="weeks_are_sensible"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="length_is_sensible"),
        ]

    def __str__(self) -> str:
        return self.title


class SessionQuerySet(models.QuerySet["Session"]):
    def upcoming(self, now: datetime) -> "SessionQuerySet":
        """Not over yet, cancelled ones included, soonest first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "SessionQuerySet":
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def taking_place(self) -> "SessionQuerySet":
        return self.filter(cancelled_at=None)

    def with_coming(self) -> "SessionQuerySet":
        """Add `coming`: how many said yes."""
        return self.annotate(coming=Count("rsvps", filter=Q(rsvps__reply=Reply.YES)))


class Session(models.Model):
    """One real meeting. `place` and `link` are for members only."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="sessions")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="sessions")
    occurs_on = models.DateField(null=True)  # the day by the series' own calendar; keeps each occurrence once
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=80)
    topic = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancelled_why = models.CharField(max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.UniqueConstraint(fields=["series", "occurs_on"], name="one_session_an_occurrence"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="cancelled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["group", "starts_at"], name="sessions_by_group")]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at:%Y-%m-%d %H:%M}"


class Reply(models.TextChoices):
    """An answer to a session."""

    YES = "yes", "I’m coming"
    MAYBE = "maybe", "Not sure yet"
    NO = "no", "I can’t come"


class Rsvp(models.Model):
    """A person's answer to a session; the latest counts."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="rsvps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reply = models.CharField(max_length=5, choices=Reply)
    replied_at = models.DateTimeField()

    class Meta:
        app_label = "groups"
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="one_answer_a_person")]

    def __str__(self) -> str:
        return self.reply
