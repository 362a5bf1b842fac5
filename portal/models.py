"""Every table of the app. Read this first; open the named module for the rest."""

from portal.accounts.models import Invitation, User
from portal.audit import AuditEntry
from portal.limits import Allowance

__all__ = ["Allowance", "AuditEntry", "Invitation", "User"]
