"""Every table of the app. Read this first; open the named module for the rest."""

from portal.accounts.models import Invitation, SignIn, User
from portal.audit import AuditEntry
from portal.limits import Allowance
from portal.notifications.models import Notice

__all__ = ["Allowance", "AuditEntry", "Invitation", "Notice", "SignIn", "User"]
