"""What pages need, already fetched."""

from dataclasses import dataclass
from math import ceil

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from groups.access import Actor, Can
from groups.membership.models import Group, Membership
from groups.resources.models import Post, PostQuerySet
from portal import markdown
from portal.accounts.access import SiteCan, site_can
from portal.accounts.models import User

A_PAGE = 12
WORDS_A_MINUTE = 180  # a tired reader's


@dataclass(frozen=True)
class Library:
    """A list of posts: all I may read, or those of one group."""

    posts: Page
    words: str
    may_write: bool
    group: Group | None = None


@dataclass(frozen=True)
class PostPage:
    """One post, ready to read."""

    post: Post
    group: Group | None
    text: SafeString
    minutes: int
    may_edit: bool


def newest_for(user: User, *, limit: int) -> list[Post]:
    """The newest posts this person may read, with author and group."""
    return list(_readable(user).for_rows().order_by("-published_at", "-pk")[:limit])


def library(user: User, *, words: str, page: str | None) -> Library:
    """Everything /resources/ prints: posts for everyone and for my groups."""
    return Library(_page(_readable(user), words, page), words, site_can(user, SiteCan.MANAGE_GROUPS))


def group_posts(actor: Actor, *, words: str, page: str | None) -> Library:
    """Everything a group's resources print."""
    posts = Post.objects.published().filter(group=actor.group)
    return Library(_page(posts, words, page), words, actor.can(Can.WRITE_POSTS), actor.group)


def post_page(user: User, actor: Actor | None, post: Post) -> PostPage:
    """Everything the page of one post prints."""
    may_edit = actor.can(Can.WRITE_POSTS) if actor else site_can(user, SiteCan.MANAGE_GROUPS)
    minutes = max(1, ceil(markdown.words_in(post.body) / WORDS_A_MINUTE))
    return PostPage(post, post.group, as_page(post.body), minutes, may_edit)


def as_page(text: str) -> SafeString:
    """Markdown as the page shows it. What markdown.to_html lets through is safe; this is the one place that says so."""
    return SafeString(markdown.to_html(text))


def _readable(user: User) -> PostQuerySet:
    return Post.objects.readable_in(Membership.objects.active().filter(user=user).values("group_id"))


def _page(posts: PostQuerySet, words: str, page: str | None) -> Page:
    found = posts.about(words) if words else posts.pinned_first()
    return Paginator(found.for_rows(), A_PAGE).get_page(page)
