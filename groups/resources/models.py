"""Posts: articles and notes for one group or for everyone."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

LANGUAGE = "english"
TITLE, SUMMARY, BODY = 120, 240, 40_000  # characters


def _searched() -> CombinedExpression:
    """What is searched, the title weighing most. The index and the search must say exactly the same."""
    return (
        SearchVector("title", weight="A", config=LANGUAGE)
        + SearchVector("summary", weight="B", config=LANGUAGE)
        + SearchVector("body", weight="C", config=LANGUAGE)
    )


class PostQuerySet(models.QuerySet["Post"]):
    def published(self) -> "PostQuerySet":
        return self.filter(withdrawn_at=None)

    def readable_in(self, group_ids: "models.QuerySet | list[int]") -> "PostQuerySet":
        """Posts for everyone and for these groups."""
        return self.published().filter(Q(group=None) | Q(group__in=group_ids))

    def about(self, words: str) -> "PostQuerySet":
        """Posts with these words in whatever form, the best match first. Quotes and a minus work as in web searches."""
        query = SearchQuery(words, search_type="websearch", config=LANGUAGE)
        found = self.annotate(searched=_searched()).filter(searched=query)
        return found.annotate(rank=SearchRank(F("searched"), query)).order_by("-rank", "-published_at", "-pk")

    def for_rows(self) -> "PostQuerySet":
        """With what a list prints, and without the long text."""
        return self.select_related("author", "group").defer("body")

    def pinned_first(self) -> "PostQuerySet":
        return self.order_by(F("pinned_at").desc(nulls_last=True), "-published_at", "-pk")


class Post(models.Model):
    """A resource post in Markdown. Without a group it is for everyone."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, null=True, blank=True, related_name="posts")
    title = models.CharField(max_length=TITLE)
    summary = models.CharField(max_length=SUMMARY, blank=True)
    body = models.TextField(max_length=BODY)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        app_label = "groups"
        indexes = [
            models.Index(fields=["group", "-published_at"], name="posts_by_group"),
            GinIndex(_searched(), name="posts_by_words"),
        ]

    def __str__(self) -> str:
        return self.title
