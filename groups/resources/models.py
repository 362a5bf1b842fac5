"""Posts: articles and notes for one group or for everyone."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PostQuerySet(models.QuerySet["Post"]):
    def published(self) -> "PostQuerySet":
        return self.filter(withdrawn_at=None)

    def readable_in(self, group_ids: "models.QuerySet | list[int]") -> "PostQuerySet":
        """Posts for everyone and for these groups."""
        return self.published().filter(Q(group=None) | Q(group__in=group_ids))

    def pinned_first(self) -> "PostQuerySet":
        return self.order_by(F("pinned_at").desc(nulls_last=True), "-published_at", "-pk")


class Post(models.Model):
    """A resource post in Markdown. Without a group it is for everyone."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, null=True, blank=True, related_name="posts")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240, blank=True)
    body = models.TextField(max_length=40_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        indexes = [models.Index(fields=["group", "-published_at"], name="posts_by_group")]

    def __str__(self) -> str:
        return self.title
