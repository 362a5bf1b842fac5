"""Every table of the app. Read this first; open the named module for the rest."""

from portal.accounts.changes import AddressChange, KnownDevice
from portal.accounts.models import Invitation, SignIn, User
from portal.audit import AuditEntry, AuditLink
from portal.limits import Allowance
from portal.notifications.models import Notice
from portal.preferences.models import Preferences

__all__ = [
    "AddressChange",
    "Allowance",
    "AuditEntry",
    "AuditLink",
    "Invitation",
    "KnownDevice",
    "Notice",
    "Preferences",
    "SignIn",
    "User",
]
