"""What people were told, and when. Never what the mail said."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One mail to one person. Address and secret are there only until it has gone."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)  # a notifications.kinds.Kind: a new one needs no migration
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    address = models.EmailField(max_length=254, blank=True)  # for who has no account, or is about to change address
    secret = models.TextField(blank=True)  # a code or token, sealed
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # too old to be of use, or nobody to send it to

    class Meta:
        app_label = "portal"
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, dropped_at=None) | Q(address="", secret=""), name="nothing_kept_once_sent"
            ),
        ]
        indexes = [models.Index(fields=["person", "-created_at"], name="notices_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_done(self) -> bool:
        return self.sent_at is not None or self.dropped_at is not None
