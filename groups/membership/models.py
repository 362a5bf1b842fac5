"""Groups, their agreements, and the stays of people in them."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Lower

from portal.accounts.models import Role as AccountRole
from portal.accounts.models import Standing, User


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
    created_at = models.DateTimeField()

    objects = GroupQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=2, capacity__lte=40), name="capacity_is_sensible"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="group_status_is_known"),
            models.CheckConstraint(condition=Q(join_rule__in=JoinRule.values), name="join_rule_is_known"),
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

    def places_left(self, *, besides: "Membership | None" = None) -> int:
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


class GroupRole(models.TextChoices):
    """What a person is within one group."""

    MEMBER = "member", "Member"
    FACILITATOR = "facilitator", "Facilitator"


class State(models.TextChoices):
    """Where one stay stands."""

    ASKED = "asked", "Asked to join"
    WAITLISTED = "waitlisted", "On the waiting list"
    OFFERED = "offered", "Offered a place"
    ACTIVE = "active", "Member"
    PAUSED = "paused", "On a pause"
    LEFT = "left", "Left"
    REMOVED = "removed", "Removed"
    BANNED = "banned", "Banned"
    DECLINED = "declined", "Declined"


ASKING_STATES = (State.ASKED, State.WAITLISTED, State.OFFERED)
OPEN_STATES = (State.ASKED, State.WAITLISTED, State.OFFERED, State.ACTIVE, State.PAUSED)
ENDED_STATES = (State.LEFT, State.REMOVED, State.BANNED, State.DECLINED)
PLACE_STATES = (State.OFFERED, State.ACTIVE, State.PAUSED)  # these hold one of the group's places


class MembershipQuerySet(models.QuerySet["Membership"]):
    def open(self) -> "MembershipQuerySet":
        """Stays that have not ended, waiting ones included."""
        return self.filter(ended_at=None)

    def active(self) -> "MembershipQuerySet":
        """People who are in."""
        return self.filter(state=State.ACTIVE)

    def holding_places(self) -> "MembershipQuerySet":
        return self.filter(state__in=PLACE_STATES, role=GroupRole.MEMBER)

    def waiting(self) -> "MembershipQuerySet":
        """Requests nobody has decided, oldest first."""
        return self.filter(state=State.ASKED).order_by("asked_at", "pk")

    def waitlisted(self) -> "MembershipQuerySet":
        """The waiting list, in its order."""
        return self.filter(state=State.WAITLISTED).order_by("asked_at", "pk")

    def banned(self, user: User) -> bool:
        """Whether this person's newest stay among these ended with a ban."""
        newest = self.filter(user=user).order_by("-pk").first()
        return newest is not None and newest.state == State.BANNED

    def with_place_in_line(self) -> "MembershipQuerySet":
        """Add `place_in_line`: 1 for who is next, nothing for who is not on the waiting list."""
        before = Q(asked_at__lt=OuterRef("asked_at")) | Q(asked_at=OuterRef("asked_at"), pk__lte=OuterRef("pk"))
        ahead = Membership.objects.filter(before, group=OuterRef("group"), state=State.WAITLISTED)
        place = Subquery(ahead.order_by().values("group").annotate(people=Count("pk")).values("people"))
        return self.annotate(place_in_line=Case(When(state=State.WAITLISTED, then=place)))

    def facilitating(self) -> "MembershipQuerySet":
        """People who run their group now. An account that lost the role or its standing runs nothing."""
        return self.active().filter(
            role=GroupRole.FACILITATOR,
            user__standing=Standing.APPROVED,
            user__role__in=[AccountRole.FACILITATOR, AccountRole.ADMIN],
        )

    def by_name(self) -> "MembershipQuerySet":
        """Facilitators first, then by name."""
        return self.select_related("user").order_by(F("role").asc(), Lower("user__display_name"), "pk")


class Membership(models.Model):
    """One stay of one person in one group. Leaving ends the row; returning starts another."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=GroupRole, default=GroupRole.MEMBER)
    state = models.CharField(max_length=12, choices=State)
    asked_at = models.DateTimeField()
    words = models.CharField(max_length=500, blank=True)  # what the person wrote when asking
    joined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], condition=Q(ended_at=None), name="one_open_stay"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None) | Q(state__in=ENDED_STATES, ended_at__isnull=False),
                name="a_stay_ends_when_its_state_does",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACTIVE, State.PAUSED]) | Q(joined_at__isnull=False),
                name="who_is_in_has_joined",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "state"], name="stays_by_group"),
            models.Index(fields=["user", "state"], name="stays_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.public_id}"

    @property
    def is_in(self) -> bool:
        return self.state == State.ACTIVE


class MembershipChange(models.Model):
    """Each step of a stay: who, when, why. Never edited."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="changes")
    state = models.CharField(max_length=12, choices=State)
    role = models.CharField(max_length=12, choices=GroupRole)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "groups"
        indexes = [models.Index(fields=["membership", "at"], name="steps_of_a_stay")]

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M}"
