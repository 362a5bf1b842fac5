"""The pages of resources."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.access import Can, group_for, post_for
from groups.membership.models import Group
from groups.resources import actions, queries
from groups.resources.forms import NewPostForm, PinForm, PostForm, SearchForm
from portal import limits
from portal.accounts.access import SiteCan, require_site
from portal.accounts.requests import PersonRequest

SOUGHT = "posts_sought"
require_form: Callable[..., Any] = require_http_methods(["GET", "HEAD", "POST"])


@require_form
def library(request: PersonRequest) -> HttpResponse:
    """Posts for everyone and for my groups."""
    require_site(request.user, SiteCan.TAKE_PART)
    if request.method == "POST":
        return _seek(request)
    search = _sought(request)
    page = queries.library(request.user, words=search.words(), page=request.GET.get("page"))
    return render(request, "groups/resources/library.html", {"page": page, "search": search})


@require_form
def posts(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Posts for one group."""
    actor = group_for(request.user, group_id, at=timezone.now())
    if request.method == "POST":
        return _seek(request)
    search = _sought(request)
    page = queries.group_posts(actor, words=search.words(), page=request.GET.get("page"))
    context = {"page": page, "search": search, "group": actor.group}
    return render(request, "groups/resources/posts.html", context)


@require_safe
def post(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """One post to read."""
    actor, post = post_for(request.user, post_id, at=timezone.now())
    return render(request, "groups/resources/post.html", {"page": queries.post_page(request.user, actor, post)})


@require_form
def new(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Write for one group."""
    actor = group_for(request.user, group_id, need=Can.WRITE_POSTS, at=timezone.now())
    return _new(request, actor.group)


@require_form
def new_for_all(request: PersonRequest) -> HttpResponse:
    """Write for everyone."""
    require_site(request.user, SiteCan.MANAGE_GROUPS)
    return _new(request, None)


@require_form
def edit(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Change what a post says."""
    now = timezone.now()
    _, post = post_for(request.user, post_id, need=Can.WRITE_POSTS, at=now)
    form = PostForm(request.POST) if request.method == "POST" else PostForm.of(post)
    if form.is_valid() and "preview" not in request.POST:
        actions.edit_post(request.user, post_id, at=now, **form.cleaned_data)
        messages.success(request, "Saved. Everyone reads the new text now.")
        return redirect("resources:post", post_id)
    return _write_page(request, form, group=post.group, post=post)


@require_POST
def pin(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Put a post above the others, or back among them."""
    now = timezone.now()
    post_for(request.user, post_id, need=Can.WRITE_POSTS, at=now)
    form = PinForm(request.POST)
    if form.is_valid():
        change = actions.pin_post if form.cleaned_data["pinned"] else actions.unpin_post
        change(request.user, post_id, at=now)
    return redirect("resources:post", post_id)


@require_form
def withdraw(request: PersonRequest, post_id: UUID) -> HttpResponse:
    """Take a post away, after asking once more."""
    now = timezone.now()
    _, post = post_for(request.user, post_id, need=Can.WRITE_POSTS, at=now)
    if request.method != "POST":
        return render(request, "groups/resources/withdraw.html", {"post": post})
    actions.withdraw_post(request.user, post_id, at=now)
    messages.success(request, "The post is gone from all lists.")
    return _to_list(post.group)


def _new(request: PersonRequest, group: Group | None) -> HttpResponse:
    form = NewPostForm(request.POST or None)
    if form.is_valid() and "preview" not in request.POST:
        group_id = group.public_id if group else None
        post = actions.publish_post(request.user, group_id, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Published. People can read it now.")
        return redirect("resources:post", post.public_id)
    return _write_page(request, form, group=group, post=None)


def _write_page(request: PersonRequest, form: PostForm, **context: Any) -> HttpResponse:
    if form.is_valid():
        context |= {"preview": queries.as_page(form.cleaned_data["body"]), "title": form.cleaned_data["title"]}
    context |= {"form": form}
    return render(request, "groups/resources/write.html", context, status=422 if form.errors else 200)


def _to_list(group: Group | None) -> HttpResponse:
    return redirect("resources:posts", group.public_id) if group else redirect("resources:library")


def _seek(request: PersonRequest) -> HttpResponse:
    """Keep in the session what is looked for on this page: out of addresses and of the browser's history."""
    limits.take_search(request.user.public_id, at=timezone.now())
    request.session[SOUGHT] = {"page": request.path, "q": SearchForm(request.POST).words()}
    return redirect(request.path)


def _sought(request: PersonRequest) -> SearchForm:
    """What is looked for on this page. Another page begins with everything."""
    kept = request.session.get(SOUGHT, {})
    return SearchForm({"q": kept["q"] if kept.get("page") == request.path else ""})
