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
from portal.accounts.middleware import open_to_waiting
from portal.accounts.requests import PersonRequest
from portal.accounts.words import ERRORS
from portal.returning import came_from


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@sensitive_post_parameters("password", "code")
def confirm(request: PersonRequest) -> HttpResponse:
    """Is it you? By password or by a mailed code."""
    person = request.user
    way = request.POST.get("way", "")
    password_form = confirming.PasswordAgainForm(request.POST if way == "password" else None, person=person)
    code_form = confirming.CodeAgainForm(request.POST if way == "code" else None)
    if way == "mail":
        confirming.mail_a_code(request, person, at=timezone.now())
    elif way == "password" and person.has_usable_password():
        if password_form.is_valid():
            return _go_on(request, how="password")
        _note_refused(request)
    elif way == "code" and code_form.is_valid():
        if confirming.fits_mailed_code(request, person, code_form.cleaned_data["code"]):
            return _go_on(request, how="code")
        code_form.add_error("code", forms.ValidationError(ERRORS["incorrect_code"]))
        _note_refused(request)
    context = {
        "password_form": password_form if person.has_usable_password() else None,
        "code_form": code_form,
        "mailed": confirming.is_mailed(request),
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


def _go_on(request: PersonRequest, *, how: str, **more: Any) -> HttpResponse:
    recent.note_confirmed(request, request.user, how=how, at=timezone.now(), **more)
    if recent.held_form(request) is not None:
        return redirect("accounts:go_on")
    return redirect(came_from(request, "/me/"))


def _note_refused(request: PersonRequest) -> None:
    person = request.user
    audit.record(person, "confirmation.refused", "person", person.public_id, at=timezone.now())
