"""How often one may try to come in: counted in PostgreSQL, by the address that asks and the account that is meant.

Every unsafe route of the entrance has a row here. Someone who guesses from one place fills only that place's share of
an account, so the account's own person still gets in; nobody is ever shut out for good.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from allauth.account.internal.stagekit import unstash_login
from django.http import HttpRequest

from portal import limits
from portal.accounts.models import User
from portal.accounts.places import place_of
from portal.errors import TooMany


class TooManyTries(TooMany):
    """Says how long to wait."""

    code = "too_many_tries"

    def __init__(self, retry_after: float | None) -> None:
        minutes = max(1, round((retry_after or 60) / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"That was tried many times. Please wait {wait}, then try again.", retry_after=retry_after)


@dataclass(frozen=True)
class Rate:
    """At most `burst` at once, then one each `every` seconds."""

    burst: int
    every: float


@dataclass(frozen=True)
class Limit:
    """What is counted for one route. `names` is the form field that says which account is meant."""

    from_one_place: Rate
    names: str = ""
    on_account_from_place: Rate | None = None
    on_account: Rate | None = None
    in_session: Rate | None = None
    of_person: Rate | None = None  # whoever is signed in, in all their sessions together


MANY = Rate(burst=30, every=10)
A_FEW = Rate(burst=6, every=60)
A_CODE = Rate(burst=8, every=120)  # a code allows 5 tries and 2 more mails; a fresh one counts as an account's request
# Six digits, three of which fit at any moment: who knows the password needs years of this for an even chance.
SECOND_STEP = Rate(burst=20, every=600)
MAILS = Limit(MANY, names="email", on_account_from_place=Rate(4, 180), on_account=Rate(20, 180))

LIMITS: dict[str, Limit] = {
    "account_login": Limit(MANY, names="login", on_account_from_place=Rate(10, 30), on_account=Rate(40, 30)),
    "account_request_login_code": MAILS,
    "account_reset_password": MAILS,
    "account_signup": Limit(Rate(10, 60), names="email", on_account_from_place=Rate(4, 180), on_account=Rate(20, 180)),
    "account_confirm_login_code": Limit(MANY, in_session=A_CODE),
    "account_email_verification_sent": Limit(MANY, in_session=A_CODE),
    "account_confirm_password_reset_code": Limit(MANY, in_session=A_CODE),
    "account_complete_password_reset": Limit(MANY, in_session=A_CODE),
    "accounts:confirm": Limit(MANY, in_session=A_FEW, of_person=Rate(30, 120)),
    "account_change_password": Limit(MANY, in_session=A_FEW),
    "account_set_password": Limit(MANY, in_session=A_FEW),
    "account_email": Limit(MANY, in_session=A_FEW),
    "accounts:invitation": Limit(MANY),
    "accounts:address_undo": Limit(MANY),
    "mfa_authenticate": Limit(MANY, in_session=A_FEW, of_person=SECOND_STEP),
    "factors:app": Limit(MANY, in_session=A_FEW),
    "factors:sign_in": Limit(MANY),
    "factors:challenge": Limit(MANY),
    "factors:challenge_to_make": Limit(MANY),
}


def count(request: HttpRequest, route: str, *, at: datetime) -> None:
    """Count a try at a route of the entrance. Raises TooManyTries."""
    limit = LIMITS.get(route)
    if limit is None:
        return
    place = _digest(place_of(request))
    shares: list[tuple[str, Rate | None]] = [(f"place:{place}", limit.from_one_place)]
    if limit.names:
        account = _account(request.POST.get(limit.names, ""))
        shares += [(f"{account}@{place}", limit.on_account_from_place), (account, limit.on_account)]
    if limit.in_session is not None:
        shares.append((f"session:{_digest(request.session.session_key or place)}", limit.in_session))
    if limit.of_person is not None and (person := _who(request)) is not None:
        shares.append((f"person:{person.pk}", limit.of_person))
    for who, rate in shares:
        if rate is not None:
            _take(f"{route}:{who}", rate, at)


def _who(request: HttpRequest) -> User | None:
    """Who is signed in, or half in: the password was right, the second step is next."""
    if isinstance(request.user, User):
        return request.user
    login = unstash_login(request, peek=True)
    return login.user if login is not None and isinstance(login.user, User) else None


def _take(key: str, rate: Rate, at: datetime) -> None:
    try:
        limits.take(key, every=rate.every, burst=rate.burst, at=at)
    except TooMany as full:
        raise TooManyTries(full.retry_after) from None


def _account(written: str) -> str:
    """The account an address means, so that no other spelling of it has a count of its own."""
    email = written.replace("\x00", "").strip().lower()  # the database cannot hold a NUL, nor be asked for one
    person_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    if person_id is not None:
        return f"person:{person_id}"
    plain = unicodedata.normalize("NFKD", email).casefold()
    return f"address:{_digest(''.join(letter for letter in plain if not unicodedata.combining(letter)))}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]
