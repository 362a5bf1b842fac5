"""Pages of people about themselves. What admins see stands in `admin_views`."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import access, invitations, own
from portal.accounts.forms import AcceptForm, ProfileForm
from portal.accounts.middleware import open_to_waiting
from portal.accounts.requests import PersonRequest
from portal.errors import NotFound


@require_safe
@open_to_waiting
def waiting(request: PersonRequest) -> HttpResponse:
    """Where an account stands that is not approved, and what happens next."""
    if request.user.is_approved:
        return redirect("home")
    return render(request, "portal/accounts/waiting.html", {"standing": request.user.standing})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
def me(request: PersonRequest) -> HttpResponse:
    """My name, my time zone, and the way to my address and password."""
    person = request.user
    shown = {"display_name": person.display_name, "time_zone": person.time_zone}
    form = ProfileForm(request.POST or None, person=person, initial=shown)
    if request.method == "POST" and form.is_valid():
        own.change_profile(person, **form.cleaned_data, at=timezone.now())
        messages.success(request, "Saved.")
        return redirect("accounts:me")
    return render(request, "portal/accounts/me.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@open_to_waiting
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link. Opening it uses nothing up: mail scanners open links, too."""
    try:
        invited = access.invitation_behind(token, at=timezone.now())
    except NotFound:
        return render(request, "portal/accounts/invitation_gone.html", status=404)
    if request.user.is_authenticated:
        return render(request, "portal/accounts/invitation_signed_in.html")
    form = AcceptForm(request.POST or None, email=invited.email)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "device"}
        person = invitations.accept(token, **given, at=timezone.now())
        record_authentication(request, person, "password")
        return perform_login(request, person, email=person.email)
    return render(request, "portal/accounts/invitation.html", {"form": form, "email": invited.email})
