"""Codes from an app and recovery codes: each opens once. What was used stands in PostgreSQL, behind a row lock."""

import time
from collections.abc import Iterator

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from portal.accounts.models import User

PERIOD = 30  # seconds
DRIFT = 1  # periods that a phone's clock may be ahead or behind
SPENT = "spent_until"  # the newest counter that was used, in the authenticator's row


def counter_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """Which of the counters around now this code is of, if it is later than the last one used."""
    for counter in _counters_now():
        if counter > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def spend(person: User, code: str) -> Authenticator | None:
    """What this code is of, if it fits; it fits no more afterwards, even for who sends it at the same moment."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    rows = Authenticator.objects.select_for_update().filter(user=person, type__in=kinds).order_by("pk")
    for row in rows:
        if row.type == Authenticator.Type.TOTP:
            fits = _spend_app_code(row, code)
        else:
            fits = RecoveryCodes(row).validate_code(code)
        if fits:
            return row
    return None


def _spend_app_code(row: Authenticator, code: str) -> bool:
    counter = counter_of(decrypt(row.data["secret"]), code, after=row.data.get(SPENT, 0))
    if counter is None:
        return False
    row.data[SPENT] = counter
    row.save(update_fields=["data"])
    return True


def _counters_now() -> Iterator[int]:
    now = int(time.time()) // PERIOD
    yield from range(now - DRIFT, now + DRIFT + 1)
