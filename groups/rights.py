"""Many people's rights in one read. The rules are those of `groups.access`; this only fetches what they look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection

from groups.access import BELONGING, GRANTS, LOST_WHEN_MUTED, Can, Role, role_in
from portal.accounts.access import SITE_GRANTS, SiteCan
from portal.accounts.models import Role as AccountRole
from portal.accounts.models import Standing
from portal.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do in one group, at one moment."""

    roles: frozenset[Role]
    muted_until: datetime | None
    reads_until: datetime | None = None  # when an admin's reading of the group ends

    def can(self, need: Can) -> bool:
        if self.muted_until is not None and need in LOST_WHEN_MUTED:
            return False
        return need in _granted(self.roles)

    def require(self, need: Can) -> None:
        """Raises NotAllowed for who belongs here, NotFound for everybody else."""
        if self.can(need):
            return
        if self.roles & BELONGING:
            raise NotAllowed
        raise NotFound


NONE = Rights(frozenset(), None)
STAFF = frozenset({AccountRole.FACILITATOR, AccountRole.ADMIN})  # as User.is_staff_member says


@cache
def _granted(roles: frozenset[Role]) -> frozenset[Can]:
    return frozenset().union(*(GRANTS[role] for role in roles))


_READ = """
SELECT p.user_id, p.group_id, u.role, u.standing, m.state, m.role,
       (SELECT max(s.ends_at) FROM groups_sanction s
         WHERE s.group_id = p.group_id AND s.user_id = p.user_id
           AND s.starts_at <= %(at)s AND s.ends_at > %(at)s AND s.lifted_at IS NULL),
       (SELECT max(o.ends_at) FROM groups_opening o
         WHERE o.group_id = p.group_id AND o.admin_id = p.user_id
           AND o.opened_at <= %(at)s AND o.ends_at > %(at)s AND o.ended_at IS NULL)
  FROM unnest(%(users)s::bigint[], %(groups)s::bigint[]) AS p(user_id, group_id)
  JOIN portal_user u ON u.id = p.user_id
  LEFT JOIN groups_membership m ON m.group_id = p.group_id AND m.user_id = p.user_id AND m.ended_at IS NULL
"""


def rights(pairs: Iterable[tuple[int, int]], *, at: datetime) -> dict[tuple[int, int], Rights]:
    """What each (user, group) pair of row ids allows now, in one statement. Who belongs nowhere has none."""
    wanted = list(dict.fromkeys(pairs))
    found = dict.fromkeys(wanted, NONE)
    if not wanted:
        return found
    with connection.cursor() as cursor:
        users, groups = [user for user, _ in wanted], [group for _, group in wanted]
        cursor.execute(_READ, {"users": users, "groups": groups, "at": at})
        for user, group, *facts in cursor.fetchall():
            found[user, group] = _rights(*facts)
    return found


def _rights(
    site_role: str,
    standing: str,
    state: str | None,
    role: str | None,
    muted_until: datetime | None,
    reads_until: datetime | None,
) -> Rights:
    grants = SITE_GRANTS[site_role] if standing == Standing.APPROVED else frozenset()
    if SiteCan.TAKE_PART not in grants:
        return NONE
    roles = set()
    if state is not None and role is not None:
        roles.add(role_in(state, role, staff=site_role in STAFF))
    if SiteCan.MANAGE_GROUPS in grants:
        roles.add(Role.ADMIN)
        if reads_until is not None:
            roles.add(Role.READING_ADMIN)
    reading = reads_until if Role.READING_ADMIN in roles else None
    return Rights(frozenset(roles), muted_until if state is not None else None, reading)
