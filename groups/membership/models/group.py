"""Groups, where they meet, and what people agree to in them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Lower

from groups.membership.models.stay import PLACE_STATES, GroupRole, Membership, State


class Site(models.Model):
    """A place of the clinic, or "online". The address is shown to members only."""

    name = models.CharField(max_length=60, unique=True)
    address = models.CharField(max_length=200, blank=True)
    online = models.BooleanField(default=False)

    class Meta:
        app_label = "groups"

    def __str__(self) -> str:
        return self.name


class JoinRule(models.TextChoices):
    """How people come in."""

    OPEN = "open", "Anyone may join"
    ASK = "ask", "Ask to join"
    INVITED = "invited", "By invitation"


class Cohort(models.TextChoices):
    """Whether people may come and go while the group runs."""

    OPEN = "open", "People may join at any time"
    CLOSED = "closed", "Starts and ends together"


class Status(models.TextChoices):
    """Where a group stands. "Full" is not stored: it follows from the places left."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed to new people"
    ARCHIVED = "archived", "Archived"


class History(models.TextChoices):
    """How far back members read in the group's chat. Who facilitates reads all of it."""

    JOINED = "joined", "From the day they joined"
    DAYS = "days", "The last days only"
    ALL = "all", "Everything that is kept"


class GroupQuerySet(models.QuerySet["Group"]):
    def listed(self) -> "GroupQuerySet":
        """Groups whose public card every approved person may see."""
        return self.filter(status__in=[Status.OPEN, Status.CLOSED]).exclude(join_rule=JoinRule.INVITED)

    def with_places(self) -> "GroupQuerySet":
        """Add `taken`, how many places members hold (facilitators hold none), and `in_line`, how many wait for one."""
        holding = Q(memberships__state__in=PLACE_STATES, memberships__role=GroupRole.MEMBER)
        in_line = Q(memberships__state=State.WAITLISTED)
        return self.annotate(taken=Count("memberships", filter=holding), in_line=Count("memberships", filter=in_line))

    def with_next_session(self, now: datetime) -> "GroupQuerySet":
        """Add `next_at`: when the group meets next. Nothing else of a session is for strangers."""
        return self.annotate(next_at=next_session_of("pk", now))

    def about(self, words: str) -> "GroupQuerySet":
        """Groups that have every one of these words in their name, purpose or focus."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(purpose__icontains=word) | Q(focus__icontains=word))
        return found

    def by_name(self) -> "GroupQuerySet":
        return self.order_by(Lower("name"), "pk")


def next_session_of(group: str, now: datetime) -> Subquery:
    """The start of the next session of the group this column points to."""
    coming = Group.objects.filter(pk=OuterRef(group), sessions__ends_at__gt=now, sessions__cancelled_at=None).order_by(
        "sessions__starts_at", "sessions__pk"
    )
    return Subquery(coming.values("sessions__starts_at")[:1])


class Group(models.Model):
    """A support group."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    purpose = models.TextField(max_length=600)
    focus = models.CharField(max_length=80, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="groups")
    capacity = models.PositiveSmallIntegerField(default=8)
    join_rule = models.CharField(max_length=8, choices=JoinRule, default=JoinRule.ASK)
    cohort = models.CharField(max_length=8, choices=Cohort, default=Cohort.OPEN)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    history = models.CharField(max_length=8, choices=History, default=History.JOINED)
    history_days = models.PositiveSmallIntegerField(default=30)  # counts where `history` is "days"
    keep_months = models.PositiveSmallIntegerField(default=12)  # how long the chat keeps messages
    pictures = models.BooleanField(default=False, db_default=False)  # may be shared in the chat
    part_two = models.BooleanField(default=False, db_default=False)  # of a program under 42 CFR part 2
    created_at = models.DateTimeField()

    objects = GroupQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=2, capacity__lte=40), name="capacity_is_sensible"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="group_status_is_known"),
            models.CheckConstraint(condition=Q(join_rule__in=JoinRule.values), name="join_rule_is_known"),
            models.CheckConstraint(
                condition=Q(history__in=History.values, history_days__gte=1), name="history_is_known"
            ),
            models.CheckConstraint(
                condition=Q(keep_months__gte=1, keep_months__lte=84), name="keep_months_is_sensible"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_listed(self) -> bool:
        return self.status in (Status.OPEN, Status.CLOSED) and self.join_rule != JoinRule.INVITED

    @property
    def topic(self) -> str:
        """Where hints about this group go (see portal.live)."""
        return f"group.{self.public_id}"

    @property
    def room(self) -> Any:
        """The group's own chat; the back room of those who facilitate stands beside it among `rooms`."""
        return self.rooms.get(kind="group")

    def places_left(self, *, besides: Membership | None = None) -> int:
        """Places nobody else holds. It stays true only under the group's lock."""
        holding = self.memberships.holding_places()
        if besides is not None:
            holding = holding.exclude(pk=besides.pk)
        return self.capacity - holding.count()

    def places_for_newcomers(self) -> int:
        """Places left when everybody on the waiting list has got one: nobody overtakes them."""
        return max(0, self.places_left() - self.memberships.waitlisted().count())

    def current_agreement(self) -> "Agreement | None":
        return self.agreements.order_by("-version").first()


class Agreement(models.Model):
    """Ground rules and the limits of confidentiality, in one version. A new text is a new row."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="agreements")
    version = models.PositiveIntegerField()
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        app_label = "groups"
        constraints = [models.UniqueConstraint(fields=["group", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"version {self.version}"


class AgreementReceipt(models.Model):
    """That a person accepted a version, and when."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        app_label = "groups"
        constraints = [models.UniqueConstraint(fields=["agreement", "user"], name="one_receipt_a_person")]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
