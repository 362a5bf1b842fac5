"""Groups, their agreements, and the stays of people in them."""

from groups.membership.models.group import (
    Agreement,
    AgreementReceipt,
    Cohort,
    Group,
    GroupQuerySet,
    History,
    JoinRule,
    Site,
    Status,
    next_session_of,
)
from groups.membership.models.stay import (
    ASKING_STATES,
    ENDED_STATES,
    OPEN_STATES,
    PLACE_STATES,
    GroupRole,
    Membership,
    MembershipChange,
    MembershipQuerySet,
    State,
)

__all__ = [
    "ASKING_STATES",
    "ENDED_STATES",
    "OPEN_STATES",
    "PLACE_STATES",
    "Agreement",
    "AgreementReceipt",
    "Cohort",
    "Group",
    "GroupQuerySet",
    "GroupRole",
    "History",
    "JoinRule",
    "Membership",
    "MembershipChange",
    "MembershipQuerySet",
    "Site",
    "State",
    "Status",
    "next_session_of",
]
