"""People: who may come in, under which name, and with what standing."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from portal.accounts.lasting import OWN, SHARED
from portal.accounts.likeness import skeleton


class Role(models.TextChoices):
    """What a person is at the portal. What they may do in a group is decided by `groups.access`."""

    PATIENT = "patient", "Patient"
    FACILITATOR = "facilitator", "Facilitator"
    ADMIN = "admin", "Admin"


class Standing(models.TextChoices):
    """Where an account stands."""

    INVITED = "invited", "Invited"
    WAITING = "waiting", "Waiting for approval"
    APPROVED = "approved", "Approved"
    PAUSED = "paused", "Paused"
    DEACTIVATED = "deactivated", "Deactivated"


class UserQuerySet(models.QuerySet["User"]):
    def unconfirmed(self) -> "UserQuerySet":
        """Asked for an account but never showed that the address is theirs: nobody's account yet."""
        confirmed = self.model.objects.filter(emailaddress__verified=True).values("pk")
        return self.filter(standing=Standing.WAITING).exclude(pk__in=confirmed)

    def known(self) -> "UserQuerySet":
        """Everybody an admin deals with."""
        return self.exclude(pk__in=self.model.objects.unconfirmed().values("pk"))

    def waiting(self) -> "UserQuerySet":
        return self.known().filter(standing=Standing.WAITING).order_by("created_at", "pk")

    def name_is_taken(self, name: str, *, but: "User | None" = None, email: str = "") -> bool:
        """Whether somebody has a name that looks like this one. An unconfirmed account of the same address gives way.

        Read through as they are: a name is chosen once in a while. That no two are the same, a constraint keeps."""
        others = self.exclude(pk=but.pk) if but is not None else self
        if email:
            others = others.exclude(pk__in=self.model.objects.unconfirmed().filter(email=email.lower()).values("pk"))
        wanted = skeleton(name)
        return any(skeleton(other) == wanted for other in others.values_list("display_name", flat=True).iterator())

    def by_name(self) -> "UserQuerySet":
        return self.order_by(Lower("display_name"), "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Accounts are made by actions; this exists for allauth and for Django's own tools."""

    if TYPE_CHECKING:

        def unconfirmed(self) -> UserQuerySet: ...
        def known(self) -> UserQuerySet: ...
        def waiting(self) -> UserQuerySet: ...
        def name_is_taken(self, name: str, *, but: "User | None" = None, email: str = "") -> bool: ...
        def by_name(self) -> UserQuerySet: ...

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        """Make an account; the e-mail address is kept in lower case, so that it is unique whatever its case."""
        person = self.model(email=email.strip().lower(), **values)
        person.set_password(password)
        person.save(using=self._db)
        return person


class User(AbstractBaseUser):
    """A person. Others see the display name; e-mail and legal name are for admins only."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    display_name = models.CharField(max_length=40)
    legal_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=Role, default=Role.PATIENT)
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.WAITING)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    created_at = models.DateTimeField()
    standing_at = models.DateTimeField(null=True)
    standing_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    passkey_offer_closed_at = models.DateTimeField(null=True)  # they said no thanks; nobody asks twice

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        app_label = "portal"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
            models.UniqueConstraint(Lower("display_name"), name="display_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(display_name=""), name="display_name_is_set"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(condition=models.Q(standing__in=Standing.values), name="standing_is_known"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may sign in at all. allauth and Django ask this name."""
        return self.standing not in (Standing.DEACTIVATED, Standing.INVITED)

    ERASED = "@closed.invalid"  # where the address of an account that its person closed ends
    FORMER = "Former member "  # how its name begins; nobody else's may

    @property
    def is_erased(self) -> bool:
        """Closed by its person, for good: there is nothing left to open again."""
        return self.email.endswith(self.ERASED)

    @property
    def has_paused_themselves(self) -> bool:
        return self.standing == Standing.PAUSED and self.standing_by_id == self.pk

    @property
    def is_approved(self) -> bool:
        return self.standing == Standing.APPROVED

    @property
    def is_admin(self) -> bool:
        return self.is_approved and self.role == Role.ADMIN

    @property
    def is_staff_member(self) -> bool:
        return self.is_approved and self.role in (Role.ADMIN, Role.FACILITATOR)

    @property
    def topic(self) -> str:
        """Where hints about this person go (see portal.live)."""
        return f"person.{self.public_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither used nor revoked; perhaps expired, and then to be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self, now: datetime) -> "InvitationQuerySet":
        return self.unanswered().filter(expires_at__gt=now)


class Invitation(models.Model):
    """A way in for one e-mail address. Only a hash of its token is kept."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=12, choices=Role, default=Role.PATIENT)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        app_label = "portal"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"


class DeviceKind(models.TextChoices):
    """Whose device a session is on, as the person said when they signed in."""

    OWN = OWN, "My own phone or computer"
    SHARED = SHARED, "A device that others use, too"


class SignInQuerySet(models.QuerySet["SignIn"]):
    def lasting(self, now: datetime) -> "SignInQuerySet":
        """Those that are not over, the last used first."""
        return self.filter(session__expire_date__gt=now).order_by("-used_at", "-started_at", "session_id")


class SignIn(models.Model):
    """Whose session it is, where, and how long it lasts. Goes when the session goes."""

    session = models.OneToOneField("sessions.Session", models.CASCADE, primary_key=True, related_name="sign_in")
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    device = models.CharField(max_length=40)  # in coarse words of ours
    kind = models.CharField(max_length=8, choices=DeviceKind, default=DeviceKind.OWN)
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()  # written at most once a minute
    idle = models.PositiveIntegerField()  # seconds it may lie unused
    ends_at = models.DateTimeField()  # over then, however much it is used

    objects = SignInQuerySet.as_manager()

    class Meta:
        app_label = "portal"
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DeviceKind.values), name="kind_of_device_is_known"),
        ]

    def __str__(self) -> str:
        return f"signed in {self.started_at:%Y-%m-%d %H:%M}"


class DataCopy(models.Model):
    """A copy of what is kept about a person, for them to fetch within a few days."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "portal"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ready_at=None), name="one_copy_in_the_making"
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.public_id}"


class DataCopyPiece(models.Model):
    """A piece of a copy's file. In the database, so that every process has it and it goes with its copy."""

    copy = models.ForeignKey(DataCopy, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        app_label = "portal"
        constraints = [models.UniqueConstraint(fields=["copy", "number"], name="one_piece_a_number")]

    def __str__(self) -> str:
        return f"piece {self.number}"
