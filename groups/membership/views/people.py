"""The people of a group: requests, removal, roles, and adding somebody."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.access import Can, group_for, membership_for
from groups.membership import actions, queries
from groups.membership.forms import AddForm, FindPeopleForm, RemovalForm, RoleForm, WordsForm
from groups.membership.models import GroupRole
from portal.accounts.requests import PersonRequest
from portal.errors import Refusal


@require_safe
def people(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Who is here; for facilitators and admins also who asks."""
    now = timezone.now()
    actor = group_for(request.user, group_id, need=Can.SEE_MEMBERS, at=now)
    actions.note_people_seen(actor, at=now)
    page = queries.people_page(actor, now, page=request.GET.get("page"))
    return render(request, "groups/membership/people.html", {"page": page})


@require_safe
def membership_request(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """One request, to be answered with words."""
    return _show_request(request, group_id, membership_id, WordsForm())


@require_POST
def approve(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """Let somebody in."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _show_request(request, group_id, membership_id, form, status=422)
    words = form.cleaned_data["words"]
    stay = actions.approve(request.user, group_id, membership_id, words=words, at=timezone.now())
    messages.success(request, f"{stay.user.display_name} is in the group now.")
    return _back(request, group_id)


@require_POST
def decline(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """Say no to somebody, with words."""
    form = WordsForm(request.POST)
    if form.is_valid() and not form.cleaned_data["words"]:
        form.add_error("words", "Please write a few words. They help the person to understand.")
    if not form.is_valid():
        return _show_request(request, group_id, membership_id, form, status=422)
    words = form.cleaned_data["words"]
    stay = actions.decline(request.user, group_id, membership_id, words=words, at=timezone.now())
    messages.success(request, f"{stay.user.display_name} will read your words.")
    return _back(request, group_id)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """End somebody's stay, for now or for good."""
    now = timezone.now()
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        end = actions.remove_member if form.cleaned_data["may_return"] == "yes" else actions.ban_member
        stay = end(request.user, group_id, membership_id, reason=form.cleaned_data["reason"], at=now)
        messages.success(request, f"{stay.user.display_name} is no longer in the group.")
        return redirect("membership:people", group_id)
    actor, stay = membership_for(request.user, group_id, membership_id, need=Can.REMOVE, at=now)
    context = {"group": actor.group, "stay": stay, "form": form}
    return render(request, "groups/membership/removal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """Make somebody a facilitator of the group, or a member again."""
    now = timezone.now()
    actor, stay = membership_for(request.user, group_id, membership_id, need=Can.ASSIGN, at=now)
    other = GroupRole.MEMBER if stay.role == GroupRole.FACILITATOR else GroupRole.FACILITATOR
    form = RoleForm(request.POST) if request.method == "POST" else RoleForm(initial={"role": other})
    status = 200
    if request.method == "POST" and form.is_valid():
        new_role, reason = GroupRole(form.cleaned_data["role"]), form.cleaned_data["reason"]
        try:
            actions.change_role(request.user, group_id, membership_id, role=new_role, reason=reason, at=now)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, f"The new role is set for {stay.user.display_name}.")
            return redirect("membership:people", group_id)
    elif form.errors:
        status = 422
    context = {"group": actor.group, "stay": stay, "form": form, "to_facilitator": other == GroupRole.FACILITATOR}
    return render(request, "groups/membership/role.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Find a person and add them. Both are sent by POST, so that no name stands in an address."""
    now = timezone.now()
    group = group_for(request.user, group_id, need=Can.ASSIGN, at=now).group
    form = FindPeopleForm(request.POST if "find" in request.POST else None)
    problem, status = "", 200
    if "person" in request.POST:
        chosen = AddForm(request.POST)
        if chosen.is_valid():
            person_id, group_role = chosen.cleaned_data["person"], GroupRole(chosen.cleaned_data["role"])
            try:
                stay = actions.add_person(request.user, group_id, person_id, role=group_role, at=now)
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                problem, status = refusal.message, refusal.status
            else:
                messages.success(request, f"{stay.user.display_name} is in the group now.")
                return redirect("membership:people", group_id)
    found = queries.addable(group, form.cleaned_data["find"]) if form.is_valid() else None
    context = {"group": group, "form": form, "found": found, "problem": problem, "roles": GroupRole.choices}
    return render(request, "groups/membership/add.html", context, status=422 if form.errors else status)


def _show_request(
    request: PersonRequest, group_id: UUID, membership_id: UUID, form: WordsForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    actor, stay = membership_for(request.user, group_id, membership_id, need=Can.DECIDE, at=now)
    context = {
        "group": actor.group,
        "stay": stay,
        "places_left": max(0, actor.group.places_left(besides=stay)),
        "form": form,
        "from_queue": "queue" in request.GET or "queue" in request.POST,
    }
    return render(request, "groups/membership/request.html", context, status=status)


def _back(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """To where the request was answered from."""
    if "queue" in request.POST:
        return redirect("moderation:queue")
    return redirect("membership:people", group_id)
