"""Passkeys: where they can be used at all, and the two halves of making and of showing one."""

import struct
from ipaddress import ip_address
from typing import Any

from allauth.account.internal.stagekit import unstash_login
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import DisallowedHost, ValidationError
from django.http import HttpRequest
from django.http.request import split_domain_port
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from portal.accounts.models import User


def are_possible(request: HttpRequest) -> bool:
    """A passkey is tied to a name such as portal.example.org. An address of numbers has none."""
    try:
        host, _ = split_domain_port(request.get_host())
    except DisallowedHost:  # the page that says so asks, too
        return False
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host != ""
    return False


def challenge_for(request: HttpRequest) -> dict[str, Any]:
    """What the browser asks its passkeys: of the one who is signed in, of the one who is half in, or of anybody."""
    if isinstance(request.user, User):
        return auth.begin_authentication(request.user)
    login = unstash_login(request, peek=True)
    return auth.begin_authentication(login.user if login else None)


def challenge_to_make(person: User) -> dict[str, Any]:
    """What the browser needs to make a passkey that can open the door by itself."""
    return auth.begin_registration(person, passwordless=True)


def made(credential: Any) -> dict[str, Any]:
    """The passkey a browser made for our challenge. Raises a form's error."""
    _read(RegistrationResponse, credential)
    binding = auth.complete_registration(credential)
    if not binding.is_user_verified():
        raise ValidationError("Your device did not check that it is you. Please try again.")
    return credential


def shown(credential: Any) -> dict[str, Any]:
    """What a browser sent for a passkey, if it is of that shape at all. Raises a form's error."""
    _read(AuthenticationResponse, credential)
    return credential


def _read(shape: type[RegistrationResponse] | type[AuthenticationResponse], credential: Any) -> None:
    """The library trusts its input: it trips over what a browser would never send."""
    try:
        shape.from_dict(credential)
    except (ValueError, TypeError, LookupError, AttributeError, struct.error):
        raise ValidationError("No passkey came. Please try again.") from None
