"""The page of the settings. Open to visitors: who cannot read a page cannot sign in on it either."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.accounts.middleware import open_to_waiting
from portal.preferences import actions, queries
from portal.preferences.forms import PreferencesForm
from portal.preferences.middleware import LooksRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@open_to_waiting
def preferences(request: LooksRequest) -> HttpResponse:
    """See and choose. A person's choices go to the account, a visitor's stay in the browser."""
    person = request.user if request.user.is_authenticated else None
    if person is not None:
        request.looks = queries.kept_by(person) or request.looks  # perhaps changed on another device
    form = PreferencesForm(request.POST or None, initial=request.looks, with_chat=person is not None)
    if request.method == "POST" and form.is_valid():
        if person is not None:
            actions.change_preferences(person, values=request.looks | form.cleaned_data, at=timezone.now())
        request.looks = request.looks | form.cleaned_data
        # Not a message: that would begin a session for every visitor who likes it dark.
        return redirect(reverse("preferences:preferences") + "?saved")
    return render(request, "portal/preferences/preferences.html", {"form": form, "saved": "saved" in request.GET})
