"""Every table of the app. Read this first; open the folder for the rest."""

from groups.membership.models import Agreement, AgreementReceipt, Group, Membership, MembershipChange, Site
from groups.moderation.models import Block, Report, Sanction
from groups.openings.models import Opening
from groups.resources.models import Post
from groups.schedule.models import Rsvp, Series, Session

__all__ = [
    "Agreement",
    "AgreementReceipt",
    "Block",
    "Group",
    "Membership",
    "MembershipChange",
    "Opening",
    "Post",
    "Report",
    "Rsvp",
    "Sanction",
    "Series",
    "Session",
    "Site",
]
