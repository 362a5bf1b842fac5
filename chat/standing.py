"""Who is behind a socket, and whether they still are: session, password and account, looked at for many at once.

The session cookie is the only credential. What was true when the socket opened is compared with the rows again in the
transaction of each thing the person does, and at every beat.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.crypto import constant_time_compare

from portal.accounts.factors.gate import is_held_back
from portal.accounts.models import Standing, User
from portal.errors import Refusal
from portal.preferences.models import Preferences, Presence


class SessionOver(Refusal):
    code, status = "session_over", 401
    close = 4401
    message = "You have been signed out. Please sign in again."


class NoLongerAllowed(Refusal):
    code, status = "no_longer_allowed", 403
    close = 4403
    message = "Your account can’t be used for chat at the moment."


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as known when they came. Without a session the page's own request has vouched for them."""

    user_pk: int
    person: UUID
    name: str
    zone: str
    password: str  # the stored hash: another one means that every older session is over
    session: str | None = None
    over_at: datetime | None = field(default=None, compare=False)  # of the session, unless it is used until then
    is_open: bool = field(default=False, compare=False)  # they had chosen that others see when they are here

    @classmethod
    def of(
        cls, user: User, session: str | None = None, over_at: datetime | None = None, *, is_open: bool = False
    ) -> "Identity":
        return cls(user.pk, user.public_id, user.display_name, user.time_zone, user.password, session, over_at, is_open)

    @property
    def session_hash(self) -> str:
        """How hints name this session."""
        return sha256((self.session or "").encode()).hexdigest()


Ended = SessionOver | NoLongerAllowed


def identify(keys: Sequence[str], *, at: datetime) -> list[Identity | Ended]:
    """Who came with each session key."""
    rows = {row.session_key: row for row in Session.objects.filter(pk__in=keys, expire_date__gt=at)}
    told = {key: row.get_decoded() for key, row in rows.items()}
    ids = {int(data[SESSION_KEY]) for data in told.values() if str(data.get(SESSION_KEY, "")).isdigit()}
    chose = Exists(Preferences.objects.filter(person=OuterRef("pk"), presence=Presence.ON))
    people = {str(user.pk): user for user in User.objects.filter(pk__in=ids).annotate(is_open=chose)}
    return [_identity(rows.get(key), told.get(key, {}), people) for key in keys]


def _identity(row: Session | None, data: dict[str, object], people: dict[str, User]) -> Identity | Ended:
    user = people.get(str(data.get(SESSION_KEY)))
    if row is None or user is None or data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return SessionOver()
    given = str(data.get(HASH_SESSION_KEY, ""))
    good = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(given, one) for one in good):
        return SessionOver()
    if not user.is_approved or is_held_back(user, data):
        return NoLongerAllowed()
    return Identity.of(user, row.session_key, row.expire_date, is_open=getattr(user, "is_open", False))


_CHECK = """
SELECT u.standing, u.password = p.password, p.session = '' OR coalesce(s.expire_date > %(at)s, false), s.expire_date
  FROM unnest(%(users)s::bigint[], %(passwords)s::text[], %(sessions)s::text[])
       WITH ORDINALITY AS p(user_id, password, session, place)
  LEFT JOIN portal_user u ON u.id = p.user_id
  LEFT JOIN django_session s ON s.session_key = p.session
 ORDER BY p.place
"""


def check(people: Sequence[Identity], *, at: datetime) -> list[Ended | None]:
    """For each, what ended their access since they came; None while all is well."""
    return [end if isinstance(end, Ended) else None for end in look(people, at=at)]


def look(people: Sequence[Identity], *, at: datetime) -> list[Ended | datetime | None]:
    """For each, what ended their access; while all is well, when their session will be over."""
    if not people:
        return []
    values: dict[str, Any] = {
        "users": [one.user_pk for one in people],
        "passwords": [one.password for one in people],
        "sessions": [one.session or "" for one in people],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHECK, values)
        return [_ended(*row[:3]) or row[3] for row in cursor.fetchall()]


def _ended(standing: str | None, same_password: bool, session: bool) -> Ended | None:
    if standing != Standing.APPROVED:
        return NoLongerAllowed()
    return None if session and same_password else SessionOver()
