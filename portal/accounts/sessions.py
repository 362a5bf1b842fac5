"""Sessions in the database, each tied to its person: any end of one is announced, whatever ended it."""

from hashlib import sha256

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from portal import live
from portal.accounts.followers import tell_of_end
from portal.accounts.models import SignIn, User


class SessionStore(db.SessionStore):
    """Django's own store, which also keeps whose session it is."""

    def save(self, must_create: bool = False) -> None:
        super().save(must_create)
        person_id = self.get(SESSION_KEY)
        if person_id is not None and self.session_key is not None:
            row = SignIn(session_id=self.session_key, person_id=int(person_id), started_at=timezone.now())
            SignIn.objects.bulk_create([row], ignore_conflicts=True)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        with transaction.atomic():
            signed_in = SignIn.objects.filter(session_id=key).select_related("person").first()
            super().delete(session_key)
            if signed_in is not None:
                tell_of_end(signed_in.person)
                _announce_end(signed_in.person, signed_in.session_id)


def end_sessions(person: User, *, but: str | None = None) -> int:
    """End every session of a person, or all but one, in the caller's transaction. Their sockets close once it
    commits."""
    with transaction.atomic():
        keys = list(SignIn.objects.filter(person=person).exclude(session_id=but).values_list("session_id", flat=True))
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
