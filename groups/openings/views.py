"""The page on which an admin opens a group for a while."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from groups.access import Can, group_for
from groups.openings import actions, queries
from groups.openings.forms import OpeningForm
from portal.accounts.recent import recently_confirmed
from portal.accounts.requests import PersonRequest
from portal.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed(deed="Open the group", only_post=True)
def opening(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Say why and for how long; or see until when it is open."""
    now = timezone.now()
    group = group_for(request.user, group_id, need=Can.OPEN, at=now).group
    form = OpeningForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_group(request.user, group_id, **form.cleaned_data, at=now)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, "The group is open to you. Its facilitators and the other admins are told.")
            return redirect("membership:group", group_id)
    context = {
        "group": group,
        "form": form,
        "mine": queries.my_opening(group, request.user, now=now),
        "openings": queries.openings_of(group, now=now),
    }
    return render(request, "groups/openings/opening.html", context, status=status)


@require_POST
def closing(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Close it before it closes by itself."""
    actions.close_group(request.user, group_id, at=timezone.now())
    messages.success(request, "The group is closed to you again.")
    return redirect("membership:group", group_id)
