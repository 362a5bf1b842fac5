"""Resource posts of the demo."""

from datetime import time, timedelta

from groups.resources.models import Post
from portal.demo import content
from portal.demo.clock import Clock
from portal.demo.groups import Circle
from portal.demo.names import luck, opaque_id
from portal.demo.people import People


def make_posts(clock: Clock, circles: dict[str, Circle], people: People) -> list[Post]:
    """The articles, as their authors published them."""
    return Post.objects.bulk_create(_post(article, clock, circles, people) for article in content.articles())


def _post(article: content.Article, clock: Clock, circles: dict[str, Circle], people: People) -> Post:
    at = clock.at(-article.days_ago, time(9 + luck(7, article.key), luck(60, article.title)))
    return Post(
        public_id=opaque_id("post", article.key),
        group=None if article.group == "everyone" else circles[article.group].group,
        title=article.title,
        summary=article.summary,
        body=article.body,
        author=people[article.by],
        published_at=at,
        pinned_at=at + timedelta(minutes=2) if article.pinned else None,
    )
