"""The audit entries that these weeks would have left, oldest first. Read from the rows, so the two cannot disagree."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from chat.models import Change, ChangeKind
from groups.membership.models import Group, GroupRole, Membership, MembershipChange, State
from groups.moderation.models import Block, Report, Sanction
from groups.resources.models import Post
from groups.schedule.models import Series, Session
from portal.accounts.models import Invitation, Standing, User
from portal.audit import AuditEntry
from portal.demo.people import FIRST_ADMIN, LET_IN_AFTER, People

AWAY = (Standing.PAUSED, Standing.DEACTIVATED)


def make_audit(people: People) -> None:
    """One entry a deed."""
    entries = [*_accounts(people), *_stays(), *_groups_and_posts(people[FIRST_ADMIN]), *_moderation()]
    AuditEntry.objects.bulk_create(sorted(entries, key=lambda entry: entry.at))


def _entry(
    at: datetime,
    actor: User,
    verb: str,
    kind: str,
    target: UUID,
    group: Group | None = None,
    /,
    *,
    reason: str = "",
    **facts: Any,
) -> AuditEntry:
    return AuditEntry(
        at=at,
        actor=actor,
        verb=verb,
        target_kind=kind,
        target_id=str(target),
        group_id=group.public_id if group else None,
        reason=reason,
        facts=facts,
    )


def _accounts(people: People) -> Iterator[AuditEntry]:
    for person in people.values():
        if person.standing != Standing.INVITED:
            yield _entry(person.created_at, person, "account.asked", "person", person.public_id)
        if person.standing_by:
            let_in = person.created_at + LET_IN_AFTER
            yield _entry(let_in, person.standing_by, "account.approved", "person", person.public_id)
        if person.standing in AWAY and person.standing_at and person.standing_by:
            verb, facts = f"account.{person.standing}", {"before": Standing.APPROVED.value}
            why = "They asked for it."
            yield _entry(person.standing_at, person.standing_by, verb, "person", person.public_id, reason=why, **facts)
    for row in Invitation.objects.select_related("invited_by"):
        yield _entry(row.created_at, row.invited_by, "invitation.sent", "invitation", row.public_id, role=row.role)


def _stays() -> Iterator[AuditEntry]:
    for step in MembershipChange.objects.select_related("membership__group", "membership__user", "by"):
        stay = step.membership
        facts = {"person": str(stay.user.public_id), "role": stay.role}
        yield _entry(step.at, step.by, _verb(step, stay), "membership", stay.public_id, stay.group, **facts)


def _verb(step: MembershipChange, stay: Membership) -> str:
    if step.state != State.ACTIVE:
        return f"membership.{step.state}"
    if stay.role == GroupRole.FACILITATOR:
        return "membership.added"
    return "membership.joined" if step.by == stay.user else "membership.approved"


def _groups_and_posts(admin: User) -> Iterator[AuditEntry]:
    for group in Group.objects.all():
        yield _entry(group.created_at, admin, "group.created", "group", group.public_id, group)
    for series in Series.objects.select_related("group", "created_by"):
        at, person = series.created_at, series.created_by
        yield _entry(at, person, "series.started", "series", series.public_id, series.group)
    for post in Post.objects.select_related("group", "author"):
        yield _entry(
            post.published_at,
            post.author,
            "post.published",
            "post",
            post.public_id,
            post.group,
            pinned=post.pinned_at is not None,
        )
    for session in Session.objects.exclude(cancelled_at=None).select_related("group", "cancelled_by"):
        if session.cancelled_at and session.cancelled_by:
            yield _entry(
                session.cancelled_at,
                session.cancelled_by,
                "session.cancelled",
                "session",
                session.public_id,
                session.group,
                reason=session.cancelled_why,
            )


def _moderation() -> Iterator[AuditEntry]:
    why = dict(Report.objects.exclude(closed_at=None).values_list("target_id", "note"))
    for change in Change.objects.filter(kind=ChangeKind.HIDDEN).select_related("message", "actor", "room__group"):
        if change.message and change.actor:
            hidden, group = change.message.public_id, change.room.group
            yield _entry(
                change.at, change.actor, "message.hidden", "message", hidden, group, reason=why.get(hidden, "")
            )
    for mute in Sanction.objects.select_related("group", "by"):
        stay = Membership.objects.active().filter(group=mute.group, user=mute.user).get()
        minutes = int((mute.ends_at - mute.starts_at).total_seconds() // 60)
        yield _entry(
            mute.starts_at,
            mute.by,
            "member.muted",
            "membership",
            stay.public_id,
            mute.group,
            reason=mute.reason,
            minutes=minutes,
        )
    for block in Block.objects.select_related("blocker", "blocked"):
        yield _entry(block.at, block.blocker, "person.blocked", "person", block.blocked.public_id)
    for report in Report.objects.select_related("group", "reporter", "closed_by"):
        yield _entry(
            report.opened_at,
            report.reporter,
            "report.made",
            "report",
            report.public_id,
            report.group,
            why=report.why,
            kind=report.kind,
            target=str(report.target_id),
        )
        if report.closed_at and report.closed_by:
            yield _entry(
                report.closed_at,
                report.closed_by,
                "report.decided",
                "report",
                report.public_id,
                report.group,
                reason=report.note,
                outcome=report.outcome,
            )
