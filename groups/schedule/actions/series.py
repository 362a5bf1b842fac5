"""The rule behind sessions: begin it, keep it eight weeks ahead, end it."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from groups.access import Can, group_for, series_for
from groups.membership.models import Status
from groups.schedule import deeds
from groups.schedule.models import Series, Session
from groups.schedule.recurrence import Rule, occurrences
from portal import audit, live
from portal.accounts.models import User
from portal.errors import Refusal
from portal.notifications.kinds import Kind


class ZoneUnknown(Refusal):
    code, message = "zone_unknown", "We don’t know this time zone. Please choose one from the list."


class MeetsAlready(Refusal):
    code, message = "meets_already", "This group already meets on that day at that time. Nothing new was planned."


class TooFarAhead(Refusal):
    code, message = "too_far_ahead", "The first session has to be in the next eight weeks."


class GroupEnded(Refusal):
    code, message = "group_ended", "This group has come to its end. It can’t plan new sessions."


class SeriesEnded(Refusal):
    code, message = "series_ended", "These sessions have been ended already."


@transaction.atomic(durable=True)
def start_series(
    user: User,
    group_id: UUID,
    *,
    title: str,
    starts_on: date,
    wall_time: time,
    zone: str,
    every_weeks: int,
    minutes: int,
    place: str,
    link: str,
    at: datetime,
) -> Series:
    """Plan meetings by a rule, and make those of the next eight weeks. The group is locked: a second click refuses."""
    group = group_for(user, group_id, need=Can.RUN_SESSIONS, at=at, lock=True).group
    if group.status == Status.ARCHIVED:
        raise GroupEnded
    _require_zone(zone)
    deeds.require_safe_link(link)
    rule = Rule(starts_on, wall_time, ZoneInfo(zone), every_weeks, minutes)
    starts = [one.starts_at for one in occurrences(rule, since=at, until=at + deeds.AHEAD)]
    if not starts:
        raise TooFarAhead
    if group.sessions.taking_place().filter(starts_at__in=starts).exists():
        raise MeetsAlready

    series = Series.objects.create(
        group=group,
        title=title,
        starts_on=starts_on,
        wall_time=wall_time,
        zone=zone,
        every_weeks=every_weeks,
        minutes=minutes,
        place=place,
        link=link,
        created_by=user,
        created_at=at,
    )
    made = deeds.make_sessions(series, at=at)
    _record(user, "series.started", series, at=at, sessions=len(made))
    return series


@transaction.atomic(durable=True)
def extend_series(series_id: UUID, *, at: datetime) -> int:
    """Make the sessions that came into the next eight weeks. The portal's own deed: it has no actor and no door.

    Doing it twice, or at the same moment in two workers, makes each session once.
    """
    locked = Series.objects.live().select_related("group").select_for_update(of=("self",), no_key=True)
    series = locked.filter(public_id=series_id).first()
    if series is None:
        return 0
    made = deeds.make_sessions(series, at=at)
    if made:
        _record(None, "series.extended", series, at=at, sessions=len(made))
    return len(made)


@transaction.atomic(durable=True)
def end_series(user: User, series_id: UUID, *, why: str, at: datetime) -> Series:
    """End the rule and cancel what has not begun. Who said yes to any of it is told once."""
    _, series = series_for(user, series_id, need=Can.RUN_SESSIONS, at=at, lock=True)
    if series.ended_at is not None:
        raise SeriesEnded
    deeds.require_why(why)

    series.ended_at = at
    series.save(update_fields=["ended_at"])
    locked = list(series.sessions.to_come(at).select_for_update(no_key=True))
    for session in locked:
        session.cancelled_at, session.cancelled_by, session.cancelled_why = at, user, why
    Session.objects.bulk_update(locked, ["cancelled_at", "cancelled_by", "cancelled_why"])
    _record(user, "series.ended", series, at=at, reason=why, sessions=len(locked))
    deeds.tell_coming(locked, Kind.SESSION_CANCELLED, by=user, at=at)
    return series


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown from None


def _record(user: User | None, verb: str, series: Series, *, at: datetime, reason: str = "", **facts: Any) -> None:
    group = series.group
    audit.record(user, verb, "series", series.public_id, at=at, group_id=group.public_id, reason=reason, **facts)
    live.publish(group.topic, {"type": verb, "series": str(series.public_id)})
