"""The textbook room's one table."""

from django.conf import settings
from django.db import models


class TextbookMessage(models.Model):
    """What somebody said, as the tutorials store it."""

    room = models.CharField(max_length=40, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager["TextbookMessage"] = models.Manager()

    class Meta:
        app_label = "chatting"

    def __str__(self) -> str:
        return f"{self.room} {self.pk}"
