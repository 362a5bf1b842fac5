"""Sessions in the database, each tied to its person: any end of one is announced, whatever ended it.

`Session.expire_date` is the moment it ends if nothing more happens. Django refuses a session after it, and so does
the chat's look at every socket; what a person does moves it on, up to the session's own limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from portal import live
from portal.accounts.devices import UNKNOWN
from portal.accounts.followers import tell_of_end
from portal.accounts.lasting import SHARED, Limits
from portal.accounts.models import SignIn, User

LIMITS, DEVICE, KIND = "limits", "device", "kind_of_device"  # in the session's own store; no kind: shared


# Every request asks this first. The ORM takes longer to word it than PostgreSQL to answer it.
_FIND = "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own store, which also keeps whose session it is, on what device, and how long it lasts."""

    over_at: datetime | None = None  # as the row says; None before it was read

    @property
    def limits(self) -> Limits | None:
        """A visitor's session has none of ours."""
        return Limits.from_words(self[LIMITS]) if LIMITS in self else None

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        limits = self.limits
        return limits.over_at(timezone.now()) if limits is not None else super().get_expiry_date(**kwargs)

    def save(self, must_create: bool = False) -> None:
        fresh = must_create and not hasattr(self, "_session_cache")  # nothing to ask for, and no row to read it from
        person_id = None if fresh else self.get(SESSION_KEY)
        if person_id is not None and LIMITS not in self:
            role = User.objects.values_list("role", flat=True).get(pk=int(person_id))
            self[LIMITS] = Limits.of(role, self.get(KIND, SHARED), at=timezone.now()).as_words()
        super().save(must_create)
        if person_id is not None and (key := self.session_key) is not None:
            SignIn.objects.bulk_create([self._sign_in(key, int(person_id), timezone.now())], ignore_conflicts=True)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        with transaction.atomic():
            signed_in = SignIn.objects.filter(session_id=key).select_related("person").first()
            super().delete(session_key)
            if signed_in is not None:
                tell_of_end(signed_in.person)
                _announce_end(signed_in.person, signed_in.session_id)

    def _get_session_from_db(self) -> Session | None:
        with connection.cursor() as cursor:
            cursor.execute(_FIND, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = self.over_at = None
            return None
        row = Session(*found)
        self.over_at = row.expire_date
        return row

    def _sign_in(self, key: str, person_id: int, now: datetime) -> SignIn:
        limits = Limits.from_words(self[LIMITS])
        return SignIn(
            session_id=key,
            person_id=person_id,
            started_at=now,
            used_at=now,
            ends_at=limits.ends_at,
            idle=limits.idle,
            device=self.get(DEVICE, UNKNOWN),
            kind=self.get(KIND, SHARED),
        )


def note_use(session: SessionStore, *, at: datetime, every: int | None = None) -> None:
    """A person has done something on a page. Written at most once a minute: who is quick costs no statement."""
    every = settings.SESSIONS["NOTED"] if every is None else every
    limits = session.limits
    if limits is None or session.over_at is None or session.session_key is None:
        return
    over_at = limits.over_at(at)
    if (over_at - session.over_at).total_seconds() >= every:
        note_uses([session.session_key], at=at, every=every)
        session.over_at = over_at


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a session, for its pages. `more`: whether using it makes it last longer."""

    seconds: int
    over_at: datetime
    idle: int
    ends_at: datetime
    is_shared: bool

    @property
    def more(self) -> bool:
        return self.over_at < self.ends_at

    @property
    def idle_minutes(self) -> int:
        return self.idle // 60

    def as_words(self) -> dict[str, Any]:
        return {"left": self.seconds, "more": self.more}


def time_left(session: SessionBase, *, at: datetime) -> Left | None:
    """How long this session lasts as things stand; a visitor's is none of ours."""
    limits = session.limits if isinstance(session, SessionStore) else None
    over_at = session.over_at if isinstance(session, SessionStore) else None
    if limits is None or over_at is None:
        return None
    seconds = max(0, int((over_at - at).total_seconds()))
    return Left(seconds, over_at, limits.idle, limits.ends_at, session.get(KIND, SHARED) == SHARED)


# A session that is over stays over, whoever comes late.
_NOTE = """
WITH kept AS (
    UPDATE django_session s SET expire_date = least(%(at)s + make_interval(secs => i.idle), i.ends_at)
      FROM portal_signin i
     WHERE i.session_id = s.session_key AND s.session_key = ANY(%(keys)s)
       AND s.expire_date > %(at)s AND i.used_at <= %(at)s - make_interval(secs => %(every)s)
    RETURNING s.session_key
)
UPDATE portal_signin SET used_at = %(at)s WHERE session_id IN (SELECT session_key FROM kept)
"""


def note_uses(keys: Sequence[str], *, at: datetime, every: int | None = None) -> None:
    """People have done something: their sessions last on from now."""
    every = settings.SESSIONS["NOTED"] if every is None else every
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"keys": list(keys), "at": at, "every": every})


def end_sessions(person: User, *, but: str | None = None) -> int:
    """End every session of a person, or all but one, in the caller's transaction. Their sockets close once it
    commits."""
    rows = SignIn.objects.filter(person=person).exclude(session_id=but)
    return end_these(person, list(rows.values_list("session_id", flat=True)))


def end_these(person: User, keys: Sequence[str]) -> int:
    """End these sessions of a person, in the caller's transaction."""
    with transaction.atomic():
        Session.objects.filter(pk__in=keys).delete()
        if keys:
            tell_of_end(person)
        for key in keys:
            _announce_end(person, key)
    return len(keys)


def digest(session_key: str) -> str:
    """How a hint names a session without giving it away."""
    return sha256(session_key.encode()).hexdigest()


def _announce_end(person: User, session_key: str) -> None:
    live.publish(person.topic, {"type": "session.ended", "session": digest(session_key)})
