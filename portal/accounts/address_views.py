"""The page behind the link that undoes a change of address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.accounts import addresses
from portal.accounts.middleware import open_to_waiting
from portal.errors import NotFound

DONE = "Your old address is back, and everybody is signed out. Choose a new password now."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@open_to_waiting
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it uses nothing up: mail scanners open links, too."""
    try:
        addresses.change_behind(token, at=timezone.now())
        if request.method == "POST":
            addresses.undo(token, at=timezone.now())
            request.session.flush()
            messages.success(
                request, "Your old address is back, and everybody is signed out. Choose a new password now."
            )
            return redirect("account_reset_password")
    except NotFound:
        return render(request, "portal/accounts/address_gone.html", status=404)
    return render(request, "portal/accounts/address_undo.html", {"here": request.path})
