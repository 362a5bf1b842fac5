"""The ways to show that it is you: a password, or a code by mail for who has none or does not know it."""

import time
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from portal import limits
from portal.accounts.fields import NO_CODE, NO_PASSWORD
from portal.accounts.models import User
from portal.accounts.words import ERRORS
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

MAILED = "confirm_code"
MAILED_FOR = 15 * 60  # seconds


class PasswordAgainForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages=NO_PASSWORD,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError(ERRORS["incorrect_password"])
        return password


class CodeAgainForm(forms.Form):
    """A code. Who it is for decides what is checked."""

    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
        error_messages=NO_CODE,
    )


def mail_a_code(request: HttpRequest, person: User, *, at: datetime) -> None:
    """Send a code to the person's address; the session keeps only what it can be compared with. Raises TooMany."""
    limits.take(f"confirm_mail:{person.pk}", every=180, burst=4, at=at)
    code = get_adapter().generate_login_code()
    request.session[MAILED] = {"is": _digest(code, person), "at": time.time()}
    with transaction.atomic():
        tell(person, Kind.CODE, at=at, secret=code)


def is_mailed(request: HttpRequest) -> bool:
    """Whether a code is on its way that still works."""
    mailed = request.session.get(MAILED)
    return mailed is not None and time.time() - mailed["at"] <= MAILED_FOR


def fits_mailed_code(request: HttpRequest, person: User, code: str) -> bool:
    """Whether this is the code, which then works no more."""
    mailed = request.session.get(MAILED)
    if not mailed or not is_mailed(request) or not constant_time_compare(mailed["is"], _digest(code, person)):
        return False
    del request.session[MAILED]
    return True


def _digest(code: str, person: User) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("portal.confirm", f"{person.pk} {plain}", algorithm="sha256").hexdigest()
