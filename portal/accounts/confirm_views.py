"""The page that asks whether it is you, and the one that gives a form back afterwards."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal import audit
from portal.accounts import confirming, recent
from portal.accounts.factors import codes, passkeys
from portal.accounts.factors.forms import SecondStepPasskeyForm
from portal.accounts.factors.queries import has_factor
from portal.accounts.middleware import open_to_waiting
from portal.accounts.requests import PersonRequest
from portal.accounts.words import ERRORS
from portal.returning import came_from


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@sensitive_post_parameters("password", "code")
def confirm(request: PersonRequest) -> HttpResponse:
    """Is it you? Who has a second factor shows that; the others a password or a mailed code."""
    person = request.user
    by_factor = has_factor(person)
    by_password = not by_factor and person.has_usable_password()
    way = request.POST.get("way", "")
    password_form = confirming.PasswordAgainForm(request.POST if way == "password" else None, person=person)
    code_form = confirming.CodeAgainForm(request.POST if way == "code" else None)
    if by_factor:
        code_form.fields["code"].help_text = "From your authenticator app, or one of your recovery codes."
    passkey_form = SecondStepPasskeyForm(request.POST if way == "passkey" else None, user=person)
    if way == "mail" and not by_factor:
        confirming.mail_a_code(request, person, at=timezone.now())
    elif way == "password" and by_password and password_form.is_valid():
        return _go_on(request, how="password")
    elif way == "passkey" and by_factor and passkey_form.is_valid():
        return _go_on(request, how="mfa", type="webauthn")
    elif way == "code" and code_form.is_valid():
        how = _how_code_fits(request, code_form.cleaned_data["code"], by_factor=by_factor)
        if how:
            return _go_on(request, **how)
        wrong = ERRORS["incorrect_code_or_spent" if by_factor else "incorrect_code"]
        code_form.add_error("code", forms.ValidationError(wrong))
    if way in ("password", "code", "passkey"):
        _note_refused(request)
    context = {
        "password_form": password_form if by_password else None,
        "passkey_form": passkey_form if by_factor and passkeys.are_possible(request) else None,
        "code_form": code_form,
        "by_factor": by_factor,
        "mailed": not by_factor and confirming.is_mailed(request),
        "next": came_from(request, ""),
    }
    return render(request, "portal/accounts/confirm.html", context)


@require_safe
@open_to_waiting
def go_on(request: PersonRequest) -> HttpResponse:
    """What was sent before, behind one button."""
    held = recent.held_form(request)
    if held is None:
        return redirect("accounts:me")
    return render(request, "portal/accounts/go_on.html", {"held": held})


def _how_code_fits(request: PersonRequest, code: str, *, by_factor: bool) -> dict[str, str] | None:
    if by_factor:
        row = codes.spend(request.user, code)
        return {"how": "mfa", "type": row.type} if row else None
    return {"how": "code"} if confirming.fits_mailed_code(request, request.user, code) else None


def _go_on(request: PersonRequest, *, how: str, **more: Any) -> HttpResponse:
    recent.note_confirmed(request, request.user, how=how, at=timezone.now(), **more)
    if recent.held_form(request) is not None:
        return redirect("accounts:go_on")
    return redirect(came_from(request, "/me/"))


def _note_refused(request: PersonRequest) -> None:
    person = request.user
    audit.record(person, "confirmation.refused", "person", person.public_id, at=timezone.now())
