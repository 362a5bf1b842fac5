"""Telling the layers above what happened in a group, inside the transaction that made it happen.

The followers stand in `settings.GROUP_FOLLOWERS`, so that what points upwards is visible in one place. Because they run
in the same transaction, a person's rights and the room they are read in can never disagree.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from groups.membership.models import Group
    from portal.accounts.models import User


class Happening(StrEnum):
    """What a follower hears."""

    GROUP_CREATED = "group.created"
    JOINED = "member.joined"  # `person` came in
    LEFT = "member.left"  # `person` went, by whatever way
    SIGHT_CHANGED = "sight.changed"  # `person` and somebody else see more or less of each other
    RIGHTS_CHANGED = "rights.changed"  # `person`'s role or mute changed; without a person: the whole group's


Follower = Callable[..., None]


def tell(
    happening: Happening, *, group: "Group", by: "User | None", at: datetime, person: "User | None" = None
) -> None:
    """Tell every follower. The caller is inside its transaction and holds the group's lock where places count."""
    for path in settings.GROUP_FOLLOWERS:
        follower: Follower = import_string(path)
        follower(happening, group=group, person=person, by=by, at=at)
