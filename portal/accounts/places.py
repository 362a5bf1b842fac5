"""The address that somebody asks from, as far as it can be known. Behind a proxy it is the one that the proxy names."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

NOWHERE = "nowhere"  # who cannot be told apart counts together


def place_of(request: HttpRequest) -> str:
    """The address that asks; a whole IPv6 network counts as one, because one home has as many as it likes."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


def place_of_socket(scope: dict[str, Any]) -> str:
    """The same address for a socket, so that one limit means what the other means."""
    request = HttpRequest()
    named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    if named:
        request.META["HTTP_X_FORWARDED_FOR"] = ",".join(named)
    request.META["REMOTE_ADDR"] = (scope.get("client") or [""])[0]
    try:
        return place_of(request)
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return NOWHERE
