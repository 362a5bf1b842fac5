"""Who may do what in a group: one table, what a mute takes away, and the doors through which rows are reached.

A stranger gets NotFound whether or not the row exists; a person who belongs but lacks the capability gets NotAllowed.
Doors take `at` because a mute, and an admin's reading, begin and end by the clock.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from groups.membership.models import Group, GroupRole, Membership, State
from groups.moderation.models import Report
from groups.openings.models import Opening
from groups.resources.models import Post
from groups.schedule.models import Series, Session
from portal.accounts.access import SiteCan, require_site, site_can
from portal.accounts.models import User
from portal.errors import NotAllowed, NotFound


class Can(StrEnum):
    """What a person may be allowed to do in one group."""

    SEE_CARD = "see the public card"
    ASK = "ask to join"
    LEAVE = "leave"
    READ = "read names, sessions, posts and chat"
    WRITE = "write and react"
    RSVP = "answer a session"
    REPORT = "report something or ask for help"
    DECIDE = "decide requests"
    RUN_SESSIONS = "run sessions"
    WRITE_POSTS = "write posts"
    READ_BACK = "read and write in the back room"
    MODERATE = "hide, mute and decide reports"
    REMOVE = "remove and ban"
    SEE_MEMBERS = "see who is in the group"
    ASSIGN = "add people and assign facilitators"
    SET_UP = "change what the group is"
    OPEN = "open it to read, for a stated reason"


class Role(StrEnum):
    """How a person stands to one group."""

    STRANGER = "stranger"
    ASKING = "asking"  # asked, waitlisted or offered a place
    PAUSED = "paused"
    MEMBER = "member"
    FACILITATOR = "facilitator"
    ADMIN = "admin"
    READING_ADMIN = "reading admin"  # has opened the group for a stated reason, and for a while


GRANTS: dict[Role, frozenset[Can]] = {
    Role.STRANGER: frozenset({Can.SEE_CARD, Can.ASK}),
    Role.ASKING: frozenset({Can.SEE_CARD, Can.LEAVE}),
    Role.PAUSED: frozenset({Can.SEE_CARD, Can.LEAVE}),
    Role.MEMBER: frozenset({Can.SEE_CARD, Can.LEAVE, Can.READ, Can.SEE_MEMBERS, Can.WRITE, Can.RSVP, Can.REPORT}),
    Role.FACILITATOR: frozenset(Can) - {Can.ASK, Can.ASSIGN, Can.SET_UP, Can.OPEN},
    Role.ADMIN: frozenset({Can.SEE_CARD, Can.DECIDE, Can.REMOVE, Can.SEE_MEMBERS, Can.ASSIGN, Can.SET_UP, Can.OPEN}),
    Role.READING_ADMIN: frozenset({Can.READ}),
}
LOST_WHEN_MUTED = frozenset({Can.WRITE})
BELONGING = frozenset({Role.MEMBER, Role.FACILITATOR, Role.ADMIN})  # these learn what they lack; others learn nothing

_ROLE_OF_STATE = {
    State.ASKED: Role.ASKING,
    State.WAITLISTED: Role.ASKING,
    State.OFFERED: Role.ASKING,
    State.PAUSED: Role.PAUSED,
}


@dataclass(frozen=True)
class Actor:
    """A person in relation to one group, at one moment."""

    user: User
    group: Group
    membership: Membership | None
    roles: frozenset[Role]
    muted_until: datetime | None

    def can(self, need: Can) -> bool:
        if self.muted_until is not None and need in LOST_WHEN_MUTED:
            return False
        return any(need in GRANTS[role] for role in self.roles)

    @property
    def capabilities(self) -> list[Can]:
        return [need for need in Can if self.can(need)]

    @property
    def is_facilitator(self) -> bool:
        return Role.FACILITATOR in self.roles

    def require(self, need: Can) -> None:
        """Raises NotAllowed for who belongs here, NotFound for everybody else."""
        if self.can(need):
            return
        if self.roles & BELONGING:
            raise NotAllowed
        raise NotFound


# Every page of a group asks this. The ORM takes longer to word it than PostgreSQL to answer it.
_MINE = """
SELECT m.*, (SELECT max(s.ends_at) FROM groups_sanction s
              WHERE s.group_id = m.group_id AND s.user_id = m.user_id
                AND s.starts_at <= %(at)s AND s.ends_at > %(at)s AND s.lifted_at IS NULL) AS muted_until
  FROM groups_membership m
 WHERE m.group_id = %(group)s AND m.user_id = %(user)s AND m.ended_at IS NULL
"""


def actor_in(group: Group, user: User, *, at: datetime) -> Actor:
    """How this person stands to the group now. Raises NotFound for who has no business here at all."""
    if not site_can(user, SiteCan.TAKE_PART):
        raise NotFound
    mine = Membership.objects.raw(_MINE, {"group": group.pk, "user": user.pk, "at": at})
    membership = next(iter(mine), None)
    muted_until: datetime | None = getattr(membership, "muted_until", None)
    roles = {role_in(membership.state, membership.role, staff=user.is_staff_member)} if membership else set()
    if site_can(user, SiteCan.MANAGE_GROUPS):
        roles.add(Role.ADMIN)
        if Opening.objects.in_force(at).filter(group=group, admin=user).exists():
            roles.add(Role.READING_ADMIN)
    if not roles and group.is_listed:
        roles.add(Role.STRANGER)
    if not roles:
        raise NotFound
    return Actor(user, group, membership, frozenset(roles), muted_until)


def role_in(state: str, role: str, *, staff: bool) -> Role:
    """What a stay in this state and role makes of a person; `staff` is the account’s side of it."""
    if state == State.ACTIVE:
        # Who is no facilitator by account any more runs no group either.
        return Role.FACILITATOR if role == GroupRole.FACILITATOR and staff else Role.MEMBER
    return _ROLE_OF_STATE[State(state)]


def groups_for(user: User, *, need: SiteCan = SiteCan.TAKE_PART) -> QuerySet[Group]:
    """The door to all groups whose card this person may see; admins see every one. Raises NotFound."""
    require_site(user, need)
    return Group.objects.all() if site_can(user, SiteCan.MANAGE_GROUPS) else Group.objects.listed()


def group_for(user: User, group_id: UUID, *, need: Can = Can.READ, at: datetime, lock: bool = False) -> Actor:
    """The door to a group. With `lock` its row is held until the transaction ends: places are counted under it."""
    rows = Group.objects.select_related("site")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    try:
        group = rows.get(public_id=group_id)
    except Group.DoesNotExist:
        raise NotFound from None
    actor = actor_in(group, user, at=at)
    actor.require(need)
    return actor


def membership_for(
    user: User, group_id: UUID, membership_id: UUID, *, need: Can, at: datetime, lock: bool = False
) -> tuple[Actor, Membership]:
    """The door to somebody's stay in a group. With `lock` the group is held, and so all its stays are."""
    actor = group_for(user, group_id, need=need, at=at, lock=lock)
    try:
        return actor, actor.group.memberships.select_related("user").get(public_id=membership_id)
    except Membership.DoesNotExist:
        raise NotFound from None


def session_for(
    user: User, session_id: UUID, *, need: Can = Can.READ, at: datetime, lock: bool = False
) -> tuple[Actor, Session]:
    """The door to a session."""
    rows = Session.objects.select_related("group__site", "series")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    try:
        session = rows.get(public_id=session_id)
    except Session.DoesNotExist:
        raise NotFound from None
    actor = actor_in(session.group, user, at=at)
    actor.require(need)
    return actor, session


def series_for(user: User, series_id: UUID, *, need: Can, at: datetime, lock: bool = False) -> tuple[Actor, Series]:
    """The door to the rule behind sessions."""
    rows = Series.objects.select_related("group__site")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    try:
        series = rows.get(public_id=series_id)
    except Series.DoesNotExist:
        raise NotFound from None
    actor = actor_in(series.group, user, at=at)
    actor.require(need)
    return actor, series


def post_for(
    user: User, post_id: UUID, *, need: Can = Can.READ, at: datetime, lock: bool = False
) -> tuple[Actor | None, Post]:
    """The door to a resource post. A post for everyone has no group and so no actor; admins write those."""
    rows = Post.objects.published().select_related("group__site", "author")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    try:
        post = rows.get(public_id=post_id)
    except Post.DoesNotExist:
        raise NotFound from None
    if post.group is None:
        if not site_can(user, SiteCan.TAKE_PART):
            raise NotFound
        if need is not Can.READ and not site_can(user, SiteCan.MANAGE_GROUPS):
            raise NotAllowed
        return None, post
    actor = actor_in(post.group, user, at=at)
    actor.require(need)
    return actor, post


def report_for(
    user: User, report_id: UUID, *, need: Can = Can.MODERATE, at: datetime, lock: bool = False
) -> tuple[Actor, Report]:
    """The door to a report: for the facilitators of its group."""
    rows = Report.objects.select_related("group__site", "about", "reporter")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    try:
        report = rows.get(public_id=report_id)
    except Report.DoesNotExist:
        raise NotFound from None
    actor = actor_in(report.group, user, at=at)
    actor.require(need)
    return actor, report
