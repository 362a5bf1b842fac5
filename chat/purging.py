"""What a room forgets: messages older than its group keeps them, and the changes that told of them.

Nobody reads such a message any more, whenever this runs: every sight ends at the group's time (see `groups.sight`).
The rows go in small transactions, the oldest first. Of the feed a beginning goes, never a piece in its middle: who asks
for what is gone gets `reset`. What a report is about stays for those who decide it, and for a while after.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from chat import changes
from chat.models import Change, Message, Room
from groups.moderation.evidence import needed
from portal import audit

BATCH = 500

# Both look at no more than one batch from the room's beginning, however long the room is.
_OLD = """
SELECT m.id, m.public_id, m.seq
  FROM (SELECT * FROM chat_message WHERE room_id = %(room)s AND seq > %(above)s ORDER BY seq LIMIT %(most)s) m
  JOIN chat_room r ON r.id = m.room_id
  JOIN groups_group g ON g.id = r.group_id
 WHERE m.sent_at < %(at)s - g.keep_months * interval '1 month'
 ORDER BY m.seq
"""
_FORGET = """
WITH first AS (
    SELECT c.id, c.seq, c.at < %(at)s - g.keep_months * interval '1 month' AS old
      FROM (SELECT * FROM chat_change WHERE room_id = %(room)s ORDER BY seq LIMIT %(most)s) c
      JOIN chat_room r ON r.id = c.room_id
      JOIN groups_group g ON g.id = r.group_id
)
DELETE FROM chat_change WHERE id IN (
    SELECT id FROM first WHERE seq < coalesce((SELECT min(seq) FROM first WHERE NOT old), seq + 1))
"""


def purge(room_pk: int, *, at: datetime, batch: int = BATCH) -> int:
    """Forget all that is too old; says how many messages that were."""
    gone, above = 0, 0
    while True:
        some, above, more = _purge_some(room_pk, above, at=at, batch=batch)
        gone += some
        if not more:
            break
    if gone:
        with transaction.atomic(durable=True):
            room = Room.objects.select_related("group").get(pk=room_pk)
            group_id = room.group.public_id
            audit.record(None, "room.purged", "room", room.public_id, at=at, group_id=group_id, messages=gone)
    return gone


@transaction.atomic(durable=True)
def _purge_some(room_pk: int, above: int, *, at: datetime, batch: int) -> tuple[int, int, bool]:
    """One batch: how many messages went, the number up to which was looked, and whether there may be more."""
    changes.hold(pk=room_pk)
    with connection.cursor() as cursor:
        cursor.execute(_OLD, {"room": room_pk, "at": at, "above": above, "most": batch})
        old = cursor.fetchall()
    until = at - timedelta(days=settings.CHAT["EVIDENCE_DAYS"])
    kept = needed("message", [public_id for _, public_id, _ in old], closed_after=until)
    gone = [pk for pk, public_id, _ in old if public_id not in kept]
    if gone:
        Message.objects.filter(reply_to__in=gone).update(reply_to=None)
        Change.objects.filter(message__in=gone).update(message=None)
        Message.objects.filter(pk__in=gone).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"room": room_pk, "at": at, "most": batch})
        forgotten = cursor.rowcount
    above = old[-1][2] if old else above
    return len(gone), above, len(old) == batch or forgotten == batch
