"""What happens to sessions, whoever caused it. Helpers for actions: each runs in the caller's transaction."""

from datetime import datetime, timedelta

from groups.schedule.models import Reply, Rsvp, Series, Session
from groups.schedule.recurrence import occurrences
from portal.accounts.models import User
from portal.errors import Refusal
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

AHEAD = timedelta(weeks=8)


class WhyNeeded(Refusal):
    code, message = "why_needed", "Please say why in a few words. Members will read it."


class LinkNotSafe(Refusal):
    code, message = "link_not_safe", "The link has to start with https://. Nothing has been changed."


def require_why(why: str) -> None:
    if not why.strip():
        raise WhyNeeded


def require_safe_link(link: str) -> None:
    """Members will open it: only an encrypted page, never a script or a file."""
    if link and not link.startswith("https://"):
        raise LinkNotSafe


def make_sessions(series: Series, *, at: datetime) -> list[Session]:
    """Make the sessions missing in the next eight weeks. The caller holds the series; the constraint is the wall."""
    due = occurrences(series.rule, since=at, until=at + AHEAD)
    there = set(series.sessions.filter(occurs_on__in=[one.on for one in due]).values_list("occurs_on", flat=True))
    made = [
        Session(
            group_id=series.group_id,
            series=series,
            occurs_on=one.on,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            title=series.title,
            place=series.place,
            link=series.link,
        )
        for one in due
        if one.on not in there
    ]
    return Session.objects.bulk_create(made, ignore_conflicts=True)


def tell_coming(sessions: list[Session], kind: Kind, *, by: User, at: datetime) -> None:
    """Tell everybody who said yes to one of these sessions, once, except who did it."""
    said_yes = Rsvp.objects.of_members().filter(session__in=sessions, reply=Reply.YES).exclude(user=by)
    for person in User.objects.filter(pk__in=said_yes.values("user")).order_by("pk"):
        tell(person, kind, at=at)
