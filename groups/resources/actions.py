"""What people do with resource posts. Each opens its own door and transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from groups.access import Can, group_for, post_for
from groups.membership.models import Group
from groups.resources.models import Post
from portal import audit
from portal.accounts.access import SiteCan, require_site
from portal.accounts.models import User


@transaction.atomic(durable=True)
def publish_post(
    user: User, group_id: UUID | None, *, title: str, summary: str, body: str, pinned: bool = False, at: datetime
) -> Post:
    """Publish a post for one group, or for everyone when there is no group. The same again changes nothing."""
    group = _place_for(user, group_id, at=at)
    same = Post.objects.published().filter(group=group, author=user, title=title, body=body).first()
    if same is not None:
        return same

    post = Post.objects.create(
        group=group,
        title=title,
        summary=summary,
        body=body,
        author=user,
        published_at=at,
        pinned_at=at if pinned else None,
    )
    _record(user, "post.published", post, at=at, pinned=pinned)
    return post


@transaction.atomic(durable=True)
def edit_post(user: User, post_id: UUID, *, title: str, summary: str, body: str, at: datetime) -> Post:
    """Change what a post says."""
    _, post = post_for(user, post_id, need=Can.WRITE_POSTS, at=at, lock=True)
    new = {"title": title, "summary": summary, "body": body}
    changed = [name for name, value in new.items() if getattr(post, name) != value]
    if not changed:
        return post

    for name in changed:
        setattr(post, name, new[name])
    post.edited_at = at
    post.save(update_fields=[*changed, "edited_at"])
    _record(user, "post.edited", post, at=at, changed=changed)
    return post


@transaction.atomic(durable=True)
def pin_post(user: User, post_id: UUID, *, at: datetime) -> Post:
    """Put a post above the others."""
    return _set_pin(user, post_id, at, verb="post.pinned", at=at)


@transaction.atomic(durable=True)
def unpin_post(user: User, post_id: UUID, *, at: datetime) -> Post:
    """Put a post back among the others."""
    return _set_pin(user, post_id, None, verb="post.unpinned", at=at)


@transaction.atomic(durable=True)
def withdraw_post(user: User, post_id: UUID, *, at: datetime) -> Post:
    """Take a post away from everybody. Its row stays."""
    _, post = post_for(user, post_id, need=Can.WRITE_POSTS, at=at, lock=True)
    post.withdrawn_at = at
    post.save(update_fields=["withdrawn_at"])
    _record(user, "post.withdrawn", post, at=at)
    return post


def _place_for(user: User, group_id: UUID | None, *, at: datetime) -> Group | None:
    """The door to where a post goes. A group is locked, so that two clicks are one post."""
    if group_id is None:
        require_site(user, SiteCan.MANAGE_GROUPS)
        return None
    return group_for(user, group_id, need=Can.WRITE_POSTS, at=at, lock=True).group


def _set_pin(user: User, post_id: UUID, pinned_at: datetime | None, *, verb: str, at: datetime) -> Post:
    _, post = post_for(user, post_id, need=Can.WRITE_POSTS, at=at, lock=True)
    if (post.pinned_at is None) == (pinned_at is None):
        return post
    post.pinned_at = pinned_at
    post.save(update_fields=["pinned_at"])
    _record(user, verb, post, at=at)
    return post


def _record(user: User, verb: str, post: Post, *, at: datetime, **facts: Any) -> None:
    group_id = post.group.public_id if post.group else None
    audit.record(user, verb, "post", post.public_id, at=at, group_id=group_id, **facts)
