"""Looks that are written down: staff at the names of a group's people."""

from datetime import datetime

from groups.access import Actor
from portal import audit


def note_people_seen(actor: Actor, *, at: datetime) -> None:
    """Note that a facilitator or an admin looked at who is in the group. Members' looks are nobody's business."""
    if actor.user.is_staff_member:
        group = actor.group.public_id
        audit.record_look(actor.user, "group.people_seen", "group", group, at=at, group_id=group)
