"""One session: say whether you come, change where it is, call it off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from groups.access import Can, session_for
from groups.schedule import deeds
from groups.schedule.models import Reply, Rsvp, Session
from portal import audit, live
from portal.accounts.models import User
from portal.errors import Refusal
from portal.notifications.kinds import Kind


class SessionOver(Refusal):
    code, message = "session_over", "This session is over. Nothing has been changed."


class SessionCancelled(Refusal):
    code, message = "session_cancelled", "This session has been cancelled. Nothing has been changed."


@transaction.atomic(durable=True)
def answer(user: User, session_id: UUID, *, reply: Reply, at: datetime) -> Rsvp:
    """Record a person's reply. The session is locked, so nobody says yes to what is being called off."""
    _, session = session_for(user, session_id, need=Can.RSVP, at=at, lock=True)
    _require_ahead(session, at)
    before = session.rsvps.filter(user=user, reply=reply).first()
    if before is not None:
        return before

    rsvp, _ = Rsvp.objects.update_or_create(session=session, user=user, defaults={"reply": reply, "replied_at": at})
    _record(user, "session.answered", session, at=at, reply=reply)
    return rsvp


@transaction.atomic(durable=True)
def cancel_session(user: User, session_id: UUID, *, why: str, at: datetime) -> Session:
    """Call one session off and leave the others as they are. Who said yes is told."""
    _, session = session_for(user, session_id, need=Can.RUN_SESSIONS, at=at, lock=True)
    _require_ahead(session, at)
    deeds.require_why(why)

    session.cancelled_at, session.cancelled_by, session.cancelled_why = at, user, why
    session.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_why"])
    _record(user, "session.cancelled", session, at=at, reason=why)
    deeds.tell_coming([session], Kind.SESSION_CANCELLED, by=user, at=at)
    return session


@transaction.atomic(durable=True)
def change_details(user: User, session_id: UUID, *, topic: str, place: str, link: str, at: datetime) -> Session:
    """Say what one session is about and where it is. Who said yes is told when the place or the link is another."""
    _, session = session_for(user, session_id, need=Can.RUN_SESSIONS, at=at, lock=True)
    _require_ahead(session, at)
    deeds.require_safe_link(link)
    new = {"topic": topic, "place": place, "link": link}
    changed = [name for name, value in new.items() if getattr(session, name) != value]
    if not changed:
        return session

    for name in changed:
        setattr(session, name, new[name])
    session.save(update_fields=changed)
    _record(user, "session.changed", session, at=at, changed=changed)
    if changed != ["topic"]:
        deeds.tell_coming([session], Kind.SESSION_CHANGED, by=user, at=at)
    return session


def _require_ahead(session: Session, at: datetime) -> None:
    if session.is_cancelled:
        raise SessionCancelled
    if session.is_over(at):
        raise SessionOver


def _record(user: User, verb: str, session: Session, *, at: datetime, reason: str = "", **facts: Any) -> None:
    group = session.group
    audit.record(user, verb, "session", session.public_id, at=at, group_id=group.public_id, reason=reason, **facts)
    live.publish(group.topic, {"type": verb, "session": str(session.public_id)})
