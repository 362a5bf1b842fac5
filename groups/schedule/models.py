"""When groups meet: the rule, the real meetings it makes, and who is coming."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from groups.schedule.recurrence import Rule
from portal.accounts.models import Standing

DOORS_OPEN = timedelta(minutes=15)  # before the start: from then on the link to join is shown


class SeriesQuerySet(models.QuerySet["Series"]):
    def live(self) -> "SeriesQuerySet":
        """Rules that still make sessions, oldest first."""
        return self.filter(ended_at=None).exclude(group__status="archived").order_by("created_at", "pk")


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

    objects = SeriesQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.CheckConstraint(condition=Q(every_weeks__in=[1, 2, 3, 4]), name="weeks_are_sensible"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="length_is_sensible"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rule(self) -> Rule:
        return Rule(self.starts_on, self.wall_time, ZoneInfo(self.zone), self.every_weeks, self.minutes)


class SessionQuerySet(models.QuerySet["Session"]):
    def upcoming(self, now: datetime) -> "SessionQuerySet":
        """Not over yet, cancelled ones included, soonest first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def to_come(self, now: datetime) -> "SessionQuerySet":
        """Not begun yet and taking place."""
        return self.taking_place().filter(starts_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "SessionQuerySet":
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def taking_place(self) -> "SessionQuerySet":
        return self.filter(cancelled_at=None)

    def with_coming(self) -> "SessionQuerySet":
        """Add `coming`: how many said yes and are still in the group."""
        said_yes = Rsvp.objects.of_members().filter(session=OuterRef("pk"), reply=Reply.YES).order_by()
        people = said_yes.values("session").annotate(people=Count("pk")).values("people")
        return self.annotate(coming=Coalesce(Subquery(people), Value(0)))

    def with_reply_of(self, user_id: int) -> "SessionQuerySet":
        """Add `my_reply`: what this person answered, or nothing."""
        mine = Rsvp.objects.filter(session=OuterRef("pk"), user=user_id).values("reply")
        return self.annotate(my_reply=Coalesce(Subquery(mine), Value("")))

    def not_declined_by(self, user_id: int) -> "SessionQuerySet":
        """Without those this person can't come to."""
        return self.exclude(Exists(Rsvp.objects.filter(session=OuterRef("pk"), user=user_id, reply=Reply.NO)))


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

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def opens_at(self) -> datetime:
        """From when on people may join by the link."""
        return self.starts_at - DOORS_OPEN

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def is_running(self, now: datetime) -> bool:
        return not self.is_cancelled and self.starts_at <= now < self.ends_at

    def may_be_joined(self, now: datetime) -> bool:
        """Whether this is the time for the link."""
        return self.link != "" and not self.is_cancelled and self.opens_at <= now < self.ends_at


class Reply(models.TextChoices):
    """An answer to a session."""

    YES = "yes", "I’m coming"
    MAYBE = "maybe", "Not sure yet"
    NO = "no", "I can’t come"


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def of_members(self) -> "RsvpQuerySet":
        """Answers of people who are still in the group. Who has left is not waited for."""
        return self.filter(
            user__standing=Standing.APPROVED,
            user__memberships__group=F("session__group"),
            user__memberships__state="active",
        )


class Rsvp(models.Model):
    """A person's answer to a session; the latest counts."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="rsvps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reply = models.CharField(max_length=5, choices=Reply)
    replied_at = models.DateTimeField()

    objects = RsvpQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="one_answer_a_person")]

    def __str__(self) -> str:
        return self.reply
