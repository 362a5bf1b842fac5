"""Making a group and changing what it is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from groups.access import Can, group_for, groups_for
from groups.membership import actions, queries
from groups.membership.actions.setting_up import TooFewPlaces
from groups.membership.forms import GroupForm
from portal.accounts.access import SiteCan
from portal.accounts.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: PersonRequest) -> HttpResponse:
    """Make a group; its facilitators come next."""
    groups_for(request.user, need=SiteCan.MANAGE_GROUPS)
    form = GroupForm(request.POST if request.method == "POST" else None, sites=queries.all_sites())
    if request.method == "POST" and form.is_valid():
        group = actions.create_group(request.user, details=form.details(), at=timezone.now())
        messages.success(request, "The group is made. Now add a facilitator.")
        return redirect("membership:add", group.public_id)
    return render(request, "groups/membership/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Change what a group is."""
    now = timezone.now()
    group = group_for(request.user, group_id, need=Can.SET_UP, at=now).group
    agreement = group.current_agreement()
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        sites=queries.all_sites(),
        initial=GroupForm.values_of(group, agreement.text if agreement else ""),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_group(request.user, group_id, details=form.details(), at=now)
        except TooFewPlaces as refusal:
            form.add_error("capacity", refusal.message)
        else:
            messages.success(request, "The group is saved.")
            return redirect("membership:group", group_id)
    context = {"form": form, "group": group}
    return render(request, "groups/membership/settings.html", context, status=422 if form.errors else 200)
