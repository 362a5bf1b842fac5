"""Who did what, when and why. Append-only: no row here is edited or deleted, and none holds anybody's text."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

if TYPE_CHECKING:
    from portal.accounts.models import User

LOOK = timedelta(hours=1)  # looks at the same thing within it are one look


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def newest_first(self) -> "AuditQuerySet":
        return self.order_by("-at", "-pk")

    def about_person(self, person: "User") -> "AuditQuerySet":
        """What they did, and what was done about them."""
        opaque = str(person.public_id)
        named = Q(target_kind="person", target_id=opaque) | Q(about=opaque)
        return self.alias(about=KT("facts__person")).filter(Q(actor=person) | named)


class AuditEntry(models.Model):
    """One deed. `verb` is a word such as `membership.approved`; the target is named by kind and opaque id."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=30)
    target_id = models.CharField(max_length=64)
    group_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        app_label = "portal"
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["group_id", "-at"], name="audit_by_group"),
            models.Index(fields=["target_id", "-at"], name="audit_by_target"),
            models.Index(fields=["verb", "-at"], name="audit_by_verb"),
            models.Index(KT("facts__person"), name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


def record_look(looker: "User", verb: str, target_kind: str, target_id: UUID, *, at: datetime, **more: Any) -> None:
    """Write down that staff looked at something, once an hour however often they come back."""
    lately = AuditEntry.objects.filter(actor=looker, verb=verb, target_id=str(target_id), at__gt=at - LOOK)
    if not lately.exists():
        record(looker, verb, target_kind, target_id, at=at, **more)


def record(
    actor: "User | None",
    verb: str,
    target_kind: str,
    target_id: UUID | str,
    *,
    at: datetime,
    group_id: UUID | None = None,
    reason: str = "",
    **facts: Any,
) -> AuditEntry:
    """Write down a deed, in the deed's own transaction. Facts are ids and words of ours, never people's text."""
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        target_kind=target_kind,
        target_id=str(target_id),
        group_id=group_id,
        reason=reason,
        facts=facts,
        at=at,
    )


class AuditLink(models.Model):
    """An entry's place in the chain. Made by the database as the deed commits (see the migration), never by us."""

    # No foreign key: that an entry is gone has to be found, and a link outlives it to say so.
    entry_id = models.BigIntegerField(primary_key=True)
    position = models.BigIntegerField(null=True, unique=True)  # empty only while the transaction is committing
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "portal"

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:8]}"
