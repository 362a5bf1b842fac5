"""Writing posts, changing them, pinning them, taking them away."""

from datetime import timedelta

import pytest

from groups.resources import actions
from groups.resources.models import Post
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import NOW

LATER = NOW + timedelta(hours=1)
NEW = {"title": "Before your visit", "summary": "", "body": "Eat nothing."}
FOR_A_GROUP = [("ben", NotAllowed), ("eve", NotAllowed), ("sam", NotFound), ("dora", NotFound), ("asking", NotFound)]


def change(who, post, **values):
    return actions.edit_post(who, post.public_id, at=LATER, **NEW | values)


# Publishing


def test_a_facilitator_publishes_for_the_group(amina, harbor, ours, entries):
    assert (ours.group, ours.author, ours.title, ours.published_at) == (harbor, amina, "Before a visit", NOW)
    assert (ours.pinned_at, ours.edited_at, ours.withdrawn_at) == (None, None, None)
    (entry,) = entries("post.published")
    assert (entry.actor, entry.target_id, entry.group_id) == (amina, str(ours.public_id), harbor.public_id)
    assert entry.facts == {"pinned": False}


def test_an_admin_publishes_for_everyone(eve, everyones, entries):
    assert everyones.group is None
    assert [(entry.actor, entry.group_id) for entry in entries("post.published")] == [(eve, None)]


def test_publishing_twice_is_publishing_once(amina, harbor, ours, publish, entries):
    assert publish(amina, harbor, at=LATER) == ours

    assert Post.objects.count() == len(entries("post.published")) == 1


@pytest.mark.parametrize(("who", "refusal"), FOR_A_GROUP)
def test_only_who_runs_the_group_writes_for_it(who, refusal, harbor, publish, request):
    with pytest.raises(refusal):
        publish(request.getfixturevalue(who), harbor)

    assert not Post.objects.exists()


@pytest.mark.parametrize("who", ["amina", "ben", "sam", "dora", "waiting"])
def test_only_admins_write_for_everyone(who, publish, request):
    with pytest.raises(NotFound):
        publish(request.getfixturevalue(who))

    assert not Post.objects.exists()


# Changing


def test_a_post_is_changed_and_says_when(amina, ours, entries):
    change(amina, ours)

    ours.refresh_from_db()
    assert (ours.title, ours.body, ours.published_at, ours.edited_at) == (NEW["title"], NEW["body"], NOW, LATER)
    assert [(entry.actor, entry.facts) for entry in entries("post.edited")] == [(amina, {"changed": ["title", "body"]})]


def test_saving_the_same_is_no_change(amina, ours, entries):
    change(amina, ours, title=ours.title, body=ours.body)

    ours.refresh_from_db()
    assert (ours.edited_at, entries("post.edited")) == (None, [])


# Pins


def test_a_post_is_pinned_and_unpinned(amina, ours, entries):
    for _ in range(2):
        assert actions.pin_post(amina, ours.public_id, at=LATER).pinned_at == LATER
    for _ in range(2):
        assert actions.unpin_post(amina, ours.public_id, at=LATER).pinned_at is None

    assert [len(entries(verb)) for verb in ("post.pinned", "post.unpinned")] == [1, 1]


# Taking away


def test_a_withdrawn_post_is_gone_for_all_but_its_row_stays(amina, ours, entries):
    actions.withdraw_post(amina, ours.public_id, at=LATER)

    assert Post.objects.get().withdrawn_at == LATER
    assert [(entry.actor, entry.target_id) for entry in entries("post.withdrawn")] == [(amina, str(ours.public_id))]
    for deed in (actions.withdraw_post, actions.pin_post, actions.unpin_post):
        with pytest.raises(NotFound):
            deed(amina, ours.public_id, at=LATER)
    with pytest.raises(NotFound):
        change(amina, ours)


# From the other side


DEEDS = [change, *(lambda who, post, do=do: do(who, post.public_id, at=LATER) for do in (
    actions.pin_post, actions.unpin_post, actions.withdraw_post
))]  # fmt: skip


@pytest.mark.parametrize(("who", "refusal"), FOR_A_GROUP)
def test_nobody_else_touches_a_groups_post(who, refusal, ours, request):
    before = Post.objects.values().get()

    for deed in DEEDS:
        with pytest.raises(refusal):
            deed(request.getfixturevalue(who), ours)

    assert Post.objects.values().get() == before


@pytest.mark.parametrize("who", ["amina", "ben", "sam", "dora"])
def test_only_admins_touch_what_is_for_everyone(who, everyones, request):
    for deed in DEEDS:
        with pytest.raises(NotAllowed):
            deed(request.getfixturevalue(who), everyones)


def test_who_waits_for_an_account_finds_nothing(waiting, everyones):
    for deed in DEEDS:
        with pytest.raises(NotFound):
            deed(waiting, everyones)


def test_a_post_that_is_not_there_is_not_found(amina):
    with pytest.raises(NotFound):
        actions.edit_post(amina, cast.nobody(), at=LATER, **NEW)
