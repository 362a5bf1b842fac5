"""What an admin decides about a group, as one value."""

from dataclasses import dataclass

from groups.membership.models import History


@dataclass(frozen=True, kw_only=True)
class GroupDetails:
    """A group as it shall be. Without `site_id` the place is named, and made if there is none of that name."""

    name: str
    purpose: str
    focus: str = ""
    site_id: int | None = None
    place: str = ""
    address: str = ""
    online: bool = False
    capacity: int
    join_rule: str
    cohort: str
    status: str
    agreement: str
    history: str = History.JOINED
    history_days: int = 30
    keep_months: int = 12
    pictures: bool = False
    part_two: bool = False
