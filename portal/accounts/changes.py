"""What happened to an account that its person may have to know of: a new address, a device not seen before."""

from datetime import datetime

from django.conf import settings
from django.db import models


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def open(self, now: datetime) -> "AddressChangeQuerySet":
        """Those that can still be undone."""
        return self.filter(undone_at=None, expires_at__gt=now)


class AddressChange(models.Model):
    """The address an account had, and a way back to it that only that mailbox knows. Kept as long as it works."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    old_email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        app_label = "portal"

    def __str__(self) -> str:
        return f"address changed {self.changed_at:%Y-%m-%d %H:%M}"


class KnownDevice(models.Model):
    """A kind of device a person has signed in on, in coarse words of ours."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    device = models.CharField(max_length=40)
    first_at = models.DateTimeField()

    class Meta:
        app_label = "portal"
        constraints = [models.UniqueConstraint(fields=["person", "device"], name="known_once")]

    def __str__(self) -> str:
        return self.device
