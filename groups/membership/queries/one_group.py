"""The page of one group: the public card, or the overview for who is in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groups.access import Actor, Can
from groups.membership.models import (
    ASKING_STATES,
    Agreement,
    AgreementReceipt,
    Group,
    Membership,
    MembershipChange,
    State,
    Status,
)
from portal.accounts.models import User

WELCOME_STAYS = timedelta(days=14)


@dataclass(frozen=True)
class GroupPage:
    """Everything the page of one group prints."""

    group: Group
    stay: Membership | None
    agreement: Agreement | None
    accepted_at: datetime | None
    must_accept: bool  # the agreement is new, or has changed since the person came
    next_session: Any  # a session with its place and link for who is in; for others only `next_at`
    next_at: datetime | None
    places_left: int
    place_in_line: int | None
    facilitators: list[User]
    requests: int
    welcome: str  # what the facilitator wrote on letting me in
    ended: MembershipChange | None  # how my last stay or request ended, when somebody else ended it
    is_banned: bool
    is_asking: bool
    may_ask: bool
    may_leave: bool
    may_read: bool
    may_see_members: bool
    may_decide: bool
    may_assign: bool
    may_set_up: bool


def group_page(actor: Actor, now: datetime) -> GroupPage:
    """What this person sees of the group."""
    group, stay = actor.group, actor.membership
    may_read = actor.can(Can.READ)
    ended = _ended(actor) if stay is None else None
    is_banned = ended is not None and ended.state == State.BANNED
    agreement = group.current_agreement()
    accepted_at = _accepted_at(actor, agreement)
    coming = group.sessions.upcoming(now).taking_place().first()
    return GroupPage(
        group=group,
        stay=stay,
        agreement=agreement,
        accepted_at=accepted_at,
        must_accept=agreement is not None and stay is not None and stay.is_in and accepted_at is None,
        next_session=coming if may_read else None,
        next_at=coming.starts_at if coming else None,
        places_left=group.places_for_newcomers(),
        place_in_line=_place_in_line(stay),
        facilitators=_facilitators(group) if actor.can(Can.SEE_MEMBERS) else [],
        requests=group.memberships.filter(state__in=ASKING_STATES).count() if actor.can(Can.DECIDE) else 0,
        welcome=_welcome(stay, now),
        ended=ended,
        is_banned=is_banned,
        is_asking=stay is not None and stay.state in ASKING_STATES,
        may_ask=actor.can(Can.ASK) and group.status == Status.OPEN and not is_banned,
        may_leave=actor.can(Can.LEAVE),
        may_read=may_read,
        may_see_members=actor.can(Can.SEE_MEMBERS),
        may_decide=actor.can(Can.DECIDE),
        may_assign=actor.can(Can.ASSIGN),
        may_set_up=actor.can(Can.SET_UP),
    )


def _ended(actor: Actor) -> MembershipChange | None:
    """The last step of the newest stay, unless the person took it."""
    steps = MembershipChange.objects.filter(membership__group=actor.group, membership__user=actor.user)
    last = steps.order_by("-membership_id", "-at", "-pk").first()
    return last if last is not None and last.by_id != actor.user.pk else None


def _accepted_at(actor: Actor, agreement: Agreement | None) -> datetime | None:
    if agreement is None or actor.membership is None:
        return None
    receipts = AgreementReceipt.objects.filter(agreement=agreement, user=actor.user)
    return receipts.values_list("accepted_at", flat=True).first()


def _place_in_line(stay: Membership | None) -> int | None:
    if stay is None or stay.state != State.WAITLISTED:
        return None
    return Membership.objects.filter(pk=stay.pk).with_place_in_line()[0].place_in_line  # type: ignore[attr-defined]


def _facilitators(group: Group) -> list[User]:
    return [stay.user for stay in group.memberships.facilitating().by_name()]


def _welcome(stay: Membership | None, now: datetime) -> str:
    """The words somebody was let in with, for their first days."""
    if stay is None or not stay.is_in or stay.joined_at is None or now - stay.joined_at > WELCOME_STAYS:
        return ""
    step = stay.changes.filter(state=State.ACTIVE).exclude(by=stay.user_id).order_by("at", "pk").first()
    return step.reason if step is not None else ""
