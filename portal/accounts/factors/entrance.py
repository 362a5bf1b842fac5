"""Coming in with a passkey. The code after the password is allauth's own page, `mfa_authenticate`."""

from allauth.account.models import Login
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.accounts.factors import passkeys
from portal.accounts.factors.forms import PasskeySignInForm
from portal.accounts.middleware import open_to_waiting
from portal.returning import came_from


@require_POST
@login_not_required
@open_to_waiting
def challenge(request: HttpRequest) -> HttpResponse:
    """What a browser asks its passkeys, fetched by the script at the moment of pressing the button."""
    return JsonResponse(passkeys.challenge_for(request))


@require_POST
@login_not_required
@open_to_waiting
def sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey alone signs in: having it and unlocking it are two factors."""
    if request.user.is_authenticated:
        return redirect("home")
    form = PasskeySignInForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors["credential"]))))
        return redirect("account_login")
    row = form.cleaned_data["credential"]
    login = Login(user=row.user, redirect_url=came_from(request, "") or None)
    return perform_passwordless_login(request, row, login)
