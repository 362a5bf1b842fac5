"""The stays of people in groups: their states, their order, and each of their steps."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Lower

from portal.accounts.models import Role as AccountRole
from portal.accounts.models import Standing, User


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
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="memberships")
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
