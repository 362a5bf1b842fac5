"""Who works here needs a second factor: in the account, and shown in the very session they work with."""

from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings

from portal.accounts.models import User


def is_held_back(person: User, session: Mapping[str, Any]) -> bool:
    """Whether this session may do nothing yet but set up a second factor. It takes no query: whatever takes a person's
    last factor away ends their sessions."""
    return settings.STAFF_NEED_FACTOR and person.is_staff_member and not shows_factor(session)


def shows_factor(session: Mapping[str, Any]) -> bool:
    """Whether a second factor was shown in this session."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    return isinstance(records, list) and any(record.get("method") == "mfa" for record in records)
