"""Where to go after something is done: back to where the person came from, on this site only."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page named by `next` in the form or the address, if it is a path of ours."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return otherwise
