"""Pausing my account, coming back, and closing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import leaving
from portal.accounts.middleware import open_to_waiting
from portal.accounts.recent import recently_confirmed
from portal.accounts.requests import PersonRequest

KEEP, REMOVE = "keep", "remove"


class CloseForm(forms.Form):
    """What becomes of one's words."""

    words = forms.ChoiceField(
        label="What you wrote in groups",
        choices=[(KEEP, "Leave it there, without my name"), (REMOVE, "Take my words out")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of these.", "invalid_choice": "Choose one of these."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed(deed="Pause my account", only_post=True)
def pause(request: PersonRequest) -> HttpResponse:
    """What a pause means, and one button."""
    if request.method == "POST":
        leaving.pause(request.user, at=timezone.now())
        logout(request)
        return redirect(f"{reverse('account_login')}?paused")
    return render(request, "portal/accounts/pause.html")


@require_POST
@open_to_waiting
def comeback(request: PersonRequest) -> HttpResponse:
    """End my pause."""
    leaving.come_back(request.user, at=timezone.now())
    messages.success(request, "Welcome back. Everything is as you left it.")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed(deed="Close my account", only_post=True)
def close(request: PersonRequest) -> HttpResponse:
    """What goes and what stays, and the choice."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        leaving.close(request.user, keep_words=form.cleaned_data["words"] == KEEP, at=timezone.now())
        logout(request)
        return redirect(f"{reverse('account_login')}?closed")
    context: dict[str, Any] = {"form": form, "runs_groups": request.user.is_staff_member}
    return render(request, "portal/accounts/close.html", context)
