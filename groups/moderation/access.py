"""Doors to reportable things and to reports. Who may do what is decided by `groups.access`."""

from datetime import datetime
from uuid import UUID

from groups.access import Actor, Can, group_for, report_for
from groups.membership.models import Membership
from groups.moderation.models import Report
from groups.moderation.targets import Target, kind_named
from groups.sight import sight_in
from portal.accounts.access import SiteCan, require_site
from portal.accounts.models import User
from portal.errors import NotFound


def target_for(user: User, kind: str, target_id: UUID, *, need: Can, at: datetime) -> tuple[Actor, Target]:
    """The door to something reportable. What is out of sight can still be reported, but not read (see `may_read`).

    What was there before the person's history begins does not exist for them.
    """
    target = kind_named(kind).find(target_id)
    actor = group_for(user, target.group_id, need=Can.SEE_CARD if target.backstage else need, at=at)
    if target.backstage and not actor.can(Can.READ_BACK):
        raise NotFound
    actor.require(need)
    since = sight_in(user.pk, actor.group.pk, at=at).since
    if since is not None and target.at < since:
        raise NotFound
    return actor, target


def may_read(actor: Actor, target: Target, *, at: datetime) -> bool:
    """Whether this person may see the thing's text and whose it is. What its author took back is for cases only."""
    if not sight_in(actor.user.pk, actor.group.pk, at=at).sees(target.author.pk, target.at):
        return False
    return (target.in_sight and actor.can(Can.READ)) or (target.hidden and actor.can(Can.MODERATE))


def hideable_for(
    user: User, group_id: UUID, kind: str, target_id: UUID, *, at: datetime, lock: bool = False
) -> tuple[Actor, Target]:
    """The door to something of this group that may be hidden. With `lock` the group is held before it is looked at."""
    actor = group_for(user, group_id, need=Can.MODERATE, at=at, lock=lock)
    target = kind_named(kind).find(target_id)
    if target.group_id != actor.group.public_id:
        raise NotFound
    return actor, target


def case_for(user: User, report_id: UUID, *, at: datetime, lock: bool = False) -> tuple[Actor, Report]:
    """The door to a report: for the group's facilitators, but never for the person it is about.

    With `lock` the group is held, so that two facilitators decide one after the other.
    """
    actor, report = report_for(user, report_id, at=at)
    if report.about_id == user.pk:
        raise NotFound
    if lock:
        actor = group_for(user, actor.group.public_id, need=Can.MODERATE, at=at, lock=True)
        report.refresh_from_db(fields=["closed_at", "closed_by", "outcome", "note", "why", "words"])
    return actor, report


def neighbor_for(user: User, person_id: UUID, *, strict: bool = True) -> tuple[User, list[Membership]]:
    """The door to somebody one shares a group with, and the person's stays in those groups, in one order.

    Raises NotFound where there is none, unless it is not `strict`.
    """
    require_site(user, SiteCan.TAKE_PART)
    mine = Membership.objects.active().filter(user=user).values("group")
    stays = Membership.objects.active().filter(user__public_id=person_id, group__in=mine)
    shared = list(stays.select_related("group", "user").order_by("group"))
    person = shared[0].user if shared else User.objects.filter(public_id=person_id).first()
    if person is None or (strict and not shared):
        raise NotFound
    return person, shared
