"""What people do about things that should not be: report, hide, mute, decide."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from groups.access import Actor, Can, membership_for
from groups.membership.models import Membership
from groups.moderation import deeds
from groups.moderation.access import case_for, hideable_for, target_for
from groups.moderation.models import Outcome, Report, Sanction, Why
from groups.moderation.targets import Target, kind_named
from portal import audit, limits
from portal.accounts.models import Role, Standing, User
from portal.errors import Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

WORDS_LENGTH = 500


class OwnWords(Refusal):
    code, message = "own_words", "You wrote this yourself. You can take it back in the chat."


class AlreadyDecided(Refusal):
    code, message = "already_decided", "Another facilitator has already decided this."


def report(user: User, kind: str, target_id: UUID, *, why: Why, words: str, at: datetime) -> Report:
    """Tell the group's facilitators about something. Doing it twice is harmless."""
    limits.take(f"report.{user.public_id}", every=60, burst=10, at=at)
    with transaction.atomic(durable=True):
        actor, target = target_for(user, kind, target_id, need=Can.REPORT, at=at)
        if target.author == user:
            raise OwnWords
        made, new = Report.objects.select_for_update().get_or_create(
            reporter=user,
            kind=kind,
            target_id=target_id,
            closed_at=None,
            defaults={"group": actor.group, "about": target.author, "why": why, "words": words, "opened_at": at},
        )
        if new:
            _announce(actor, made, verb="report.made", at=at)
        elif why == Why.DANGER and made.why != Why.DANGER:
            made.why = why
            made.words = "\n".join(filter(None, [made.words, words]))[:WORDS_LENGTH]
            made.save(update_fields=["why", "words"])
            _announce(actor, made, verb="report.raised", at=at)
        return made


@transaction.atomic(durable=True)
def decide(
    user: User,
    report_id: UUID,
    *,
    outcome: Outcome,
    note: str,
    at: datetime,
    minutes: int = 0,
    also_hide: bool = False,
) -> Report:
    """Do what was decided, and close every open report about the same thing."""
    actor, decided = case_for(user, report_id, at=at, lock=True)
    if decided.closed_at is not None:
        raise AlreadyDecided
    target = kind_named(decided.kind).find(decided.target_id)

    if also_hide or outcome == Outcome.HIDDEN:
        deeds.hide(actor, target, reason=note, at=at)
    if outcome == Outcome.MUTED:
        deeds.mute(actor, target.author, minutes=minutes, reason=note, at=at)
    elif outcome == Outcome.REMOVED:
        deeds.remove(actor, target.author, reason=note, at=at)

    _close(actor, target, outcome=outcome, note=note, at=at)
    decided.refresh_from_db()
    return decided


@transaction.atomic(durable=True)
def hide(user: User, group_id: UUID, kind: str, target_id: UUID, *, reason: str, at: datetime) -> Target:
    """Take something from everybody's sight, without a report."""
    actor, target = hideable_for(user, group_id, kind, target_id, at=at, lock=True)
    deeds.hide(actor, target, reason=reason, at=at)
    return target


@transaction.atomic(durable=True)
def show(user: User, group_id: UUID, kind: str, target_id: UUID, *, reason: str, at: datetime) -> Target:
    """Give something hidden back."""
    actor, target = hideable_for(user, group_id, kind, target_id, at=at, lock=True)
    deeds.show(actor, target, reason=reason, at=at)
    return target


@transaction.atomic(durable=True)
def mute(user: User, group_id: UUID, membership_id: UUID, *, minutes: int, reason: str, at: datetime) -> Sanction:
    """Let a member read but not write for a time. It ends by itself."""
    actor, stay = membership_for(user, group_id, membership_id, need=Can.MODERATE, at=at, lock=True)
    return deeds.mute(actor, stay.user, minutes=minutes, reason=reason, at=at)


@transaction.atomic(durable=True)
def unmute(user: User, group_id: UUID, membership_id: UUID, *, at: datetime) -> Membership:
    """End a member's mute before its time."""
    actor, stay = membership_for(user, group_id, membership_id, need=Can.MODERATE, at=at, lock=True)
    deeds.unmute(actor, stay, at=at)
    return stay


def _announce(actor: Actor, made: Report, *, verb: str, at: datetime) -> None:
    """Write it down and tell who can look. A group without another facilitator has the admins."""
    audit.record(
        actor.user,
        verb,
        "report",
        made.public_id,
        at=at,
        group_id=actor.group.public_id,
        why=made.why,
        kind=made.kind,
        target=str(made.target_id),
    )
    concerned = [made.about_id, made.reporter_id]
    running = actor.group.memberships.facilitating()
    watching = list(User.objects.filter(memberships__in=running).exclude(pk__in=concerned))
    if not watching:
        watching = list(User.objects.filter(role=Role.ADMIN, standing=Standing.APPROVED).exclude(pk__in=concerned))
    for person in watching:
        tell(person, Kind.REPORT_RECEIVED, at=at)


def _close(actor: Actor, target: Target, *, outcome: Outcome, note: str, at: datetime) -> None:
    """Close the reports about this target and tell each reporter that somebody looked, not what came of it."""
    rows = Report.objects.open().filter(group=actor.group, kind=target.kind, target_id=target.public_id)
    for row in rows.select_for_update(of=("self",)).select_related("reporter"):
        row.closed_at, row.closed_by, row.outcome, row.note = at, actor.user, outcome, note
        row.save(update_fields=["closed_at", "closed_by", "outcome", "note"])
        audit.record(
            actor.user,
            "report.decided",
            "report",
            row.public_id,
            at=at,
            group_id=actor.group.public_id,
            reason=note,
            outcome=outcome,
        )
        if row.reporter != actor.user:
            tell(row.reporter, Kind.REPORT_DECIDED, at=at)
    kind_named(target.kind).settled(target.public_id)
