"""What of a group's talk a person sees: how far back, and nothing of whom they block or who blocks them.

Nobody sees anything from before the time the group keeps messages for, whenever they are deleted.

One rule, written as SQL, because counting what is new needs it inside of larger statements; `sights` reads it for
many people at once. Whether they may read at all is decided by `groups.access`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from groups.membership.models import GroupRole, History, State
from portal.accounts.models import Role, Standing


@dataclass(frozen=True, slots=True)
class Sight:
    """Nothing from before `since` is there for this person, and nothing of the people in `hidden`."""

    since: datetime | None = None
    hidden: frozenset[int] = frozenset()
    rule: str = History.ALL  # where `since` comes from: it moves with the clock, this does not

    def sees(self, author_pk: int | None, at: datetime) -> bool:
        """Whether something this person did at that moment is there."""
        return (self.since is None or at >= self.since) and author_pk not in self.hidden


EVERYTHING = Sight()


def _facilitates(user: str, group: str) -> str:
    """SQL: as `MembershipQuerySet.facilitating` says."""
    return f"""EXISTS (
      SELECT FROM groups_membership f JOIN portal_user fu ON fu.id = f.user_id
       WHERE f.user_id = {user} AND f.group_id = {group} AND f.state = '{State.ACTIVE}'
         AND f.role = '{GroupRole.FACILITATOR}' AND fu.standing = '{Standing.APPROVED}'
         AND fu.role IN ('{Role.FACILITATOR}', '{Role.ADMIN}'))"""


def _opened(user: str, group: str) -> str:
    """SQL: an admin has opened the group to read it (`OpeningQuerySet.in_force`). It takes `%(at)s`."""
    return f"""EXISTS (
      SELECT FROM groups_opening o JOIN portal_user a ON a.id = o.admin_id AND a.role = '{Role.ADMIN}'
       WHERE o.admin_id = {user} AND o.group_id = {group}
         AND o.opened_at <= %(at)s AND o.ends_at > %(at)s AND o.ended_at IS NULL)"""


def sight_of(user: str, group: str) -> str:
    """SQL: for these columns `since`, `hidden` (an array), `rule` and `runs` (they facilitate); takes `%(at)s`

    Facilitators see everybody and everything that is kept, and everybody sees them: they answer for the room.
    So does an admin who has opened the group to read it.
    """
    return f"""(
SELECT greatest(
           %(at)s - g.keep_months * interval '1 month',
           CASE WHEN x.runs OR g.history = '{History.ALL}' THEN NULL
                WHEN g.history = '{History.DAYS}' THEN %(at)s - g.history_days * interval '1 day'
                ELSE coalesce(m.joined_at, %(at)s) END) AS since,
       CASE WHEN x.runs THEN '{History.ALL}'
            WHEN g.history = '{History.JOINED}' THEN g.history || coalesce(m.joined_at::text, '')
            ELSE g.history || g.history_days END || '/' || g.keep_months AS rule,
       {_facilitates(user, group)} AS runs,
       CASE WHEN x.runs THEN '{{}}'::bigint[] ELSE ARRAY(
            SELECT o.id FROM (
                   SELECT b.blocked_id AS id FROM groups_block b WHERE b.blocker_id = {user} AND b.lifted_at IS NULL
                    UNION
                   SELECT b.blocker_id FROM groups_block b WHERE b.blocked_id = {user} AND b.lifted_at IS NULL) o
             WHERE NOT {_facilitates("o.id", group)}) END AS hidden
  FROM groups_group g
  LEFT JOIN groups_membership m ON m.group_id = g.id AND m.user_id = {user} AND m.ended_at IS NULL
 CROSS JOIN LATERAL (SELECT {_facilitates(user, group)} OR {_opened(user, group)} AS runs) x
 WHERE g.id = {group})"""  # noqa: S608 (only our own constants)


_READ = f"""
SELECT p.user_id, p.group_id, s.since, s.hidden, s.rule
  FROM unnest(%(users)s::bigint[], %(groups)s::bigint[]) AS p(user_id, group_id)
 CROSS JOIN LATERAL {sight_of("p.user_id", "p.group_id")} s
"""  # noqa: S608 (only our own constants)


def sights(pairs: Iterable[tuple[int, int]], *, at: datetime) -> dict[tuple[int, int], Sight]:
    """What each (user, group) pair of row ids sees now, in one statement."""
    wanted = list(dict.fromkeys(pairs))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        users, groups = [user for user, _ in wanted], [group for _, group in wanted]
        cursor.execute(_READ, {"users": users, "groups": groups, "at": at})
        rows = cursor.fetchall()
    return {(user, group): Sight(since, frozenset(hidden), rule) for user, group, since, hidden, rule in rows}


def sight_in(user_pk: int, group_pk: int, *, at: datetime) -> Sight:
    """What one person sees of one group."""
    return sights([(user_pk, group_pk)], at=at)[user_pk, group_pk]
