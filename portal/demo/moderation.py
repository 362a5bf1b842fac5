"""What was reported in the demo, the one mute that is running, and the one block."""

from datetime import datetime, time, timedelta

from groups.moderation.models import Block, Outcome, Report, Sanction, Why
from portal.demo.clock import Clock
from portal.demo.content import Flag
from portal.demo.groups import Circle
from portal.demo.names import opaque_id
from portal.demo.people import People
from portal.demo.rooms import Said

MUTED_FOR = timedelta(days=7)
BLOCK = ("Nettle", "Kofi", -2, time(21, 15))  # who blocks whom, and when


def make_moderation(clock: Clock, circles: dict[str, Circle], said: dict[str, list[Said]], people: People) -> None:
    """Reports that wait, one that was decided, the mute it led to, and two people who do not see each other."""
    reports, mutes = [], []
    for key, circle in circles.items():
        for one in said[key]:
            if told := one.line.reported:
                reports.append(_report(circle, one, told, people))
            if (hidden := one.line.hidden) and one.hidden_at:
                _close(reports[-1], hidden, one.hidden_at, people)
                mutes.append(_mute(circle, one, hidden, one.hidden_at, people))
    Report.objects.bulk_create(reports)
    Sanction.objects.bulk_create(mutes)
    blocker, blocked, days, wall = BLOCK
    Block.objects.create(blocker=people[blocker], blocked=people[blocked], at=clock.at(days, wall))


def _report(circle: Circle, one: Said, told: Flag, people: People) -> Report:
    return Report(
        public_id=opaque_id("report", one.message.public_id),
        group=circle.group,
        kind="message",
        target_id=one.message.public_id,
        about=one.message.author,
        reporter=people[told.by],
        why=Why(told.why),
        words=told.words,
        opened_at=one.message.sent_at + timedelta(minutes=9),
    )


def _close(report: Report, hidden: Flag, at: datetime, people: People) -> None:
    report.closed_at = at
    report.closed_by = people[hidden.by]
    report.outcome = Outcome.MUTED
    report.note = hidden.why


def _mute(circle: Circle, one: Said, hidden: Flag, at: datetime, people: People) -> Sanction:
    return Sanction(
        public_id=opaque_id("mute", one.message.public_id),
        group=circle.group,
        user=one.message.author,
        starts_at=at,
        ends_at=at + MUTED_FOR,
        by=people[hidden.by],
        reason=hidden.why,
    )
