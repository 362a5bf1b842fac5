"""The pages of moderation."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.access import Can, membership_for
from groups.membership import queries as membership_queries
from groups.moderation import actions, block_queries, blocking, queries
from groups.moderation.access import case_for, hideable_for, neighbor_for, target_for
from groups.moderation.forms import DecisionForm, MuteForm, ReasonForm, ReportForm
from groups.moderation.models import Why
from groups.moderation.targets import Target
from portal.accounts.access import SiteCan, require_site
from portal.accounts.requests import PersonRequest
from portal.errors import Refusal
from portal.moments import in_words
from portal.returning import came_from

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def queue(request: PersonRequest) -> HttpResponse:
    """What waits for a facilitator or an admin: reports, requests, mutes."""
    require_site(request.user, SiteCan.SEE_QUEUE)
    context = {
        "queue": queries.queue(request.user, at=timezone.now()),
        "requests": membership_queries.requests_for(request.user),
        "pairs": block_queries.pairs_for(request.user),
    }
    return render(request, "groups/moderation/queue.html", context)


@require_form
def report(request: PersonRequest, kind: str, target_id: UUID) -> HttpResponse:
    """Tell the facilitators about something."""
    now = timezone.now()
    actor, target = target_for(request.user, kind, target_id, need=Can.REPORT, at=now)
    back = came_from(request, otherwise=target.url)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = form.cleaned_data["why"]
        actions.report(request.user, kind, target_id, why=why, words=form.cleaned_data["words"], at=now)
        messages.success(request, "Thank you. A facilitator will look.")
        if why == Why.DANGER:
            messages.warning(request, "If someone is in danger right now, call 911. You can also call or text 988.")
        return redirect(back)
    context = {"form": form, "back": back, **queries.report_page(actor, target, at=now)}
    return render(request, "groups/moderation/report.html", context, status=422 if form.errors else 200)


@require_safe
def case(request: PersonRequest, report_id: UUID) -> HttpResponse:
    """One report and everything about it."""
    return _case_page(request, report_id, None)


@require_POST
def decide(request: PersonRequest, report_id: UUID) -> HttpResponse:
    """Carry out what a facilitator chose."""
    now = timezone.now()
    actor, report = case_for(request.user, report_id, at=now)
    form = _decision_form(queries.case(actor, report, at=now), request.POST)
    if not form.is_valid():
        return _case_page(request, report_id, form)
    actions.decide(request.user, report_id, at=now, **form.cleaned_data)
    messages.success(request, "Done. The report is closed.")
    return redirect("moderation:queue")


@require_form
def mute(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """Let a member read but not write for a time."""
    now = timezone.now()
    actor, stay = membership_for(request.user, group_id, membership_id, need=Can.MODERATE, at=now)
    back = came_from(request, otherwise=reverse("membership:people", args=[group_id]))
    form = MuteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.mute(request.user, group_id, membership_id, at=now, **form.cleaned_data)
        until = in_words(made.ends_at, style="", now=now)
        messages.success(request, f"{stay.user.display_name} is muted until {until}.")
        return redirect(back)
    context = {"form": form, "back": back, **queries.mute_page(actor, stay, at=now)}
    return render(request, "groups/moderation/mute.html", context, status=422 if form.errors else 200)


@require_POST
def unmute(request: PersonRequest, group_id: UUID, membership_id: UUID) -> HttpResponse:
    """End a mute before its time."""
    stay = actions.unmute(request.user, group_id, membership_id, at=timezone.now())
    messages.success(request, f"{stay.user.display_name} can write again.")
    return redirect(came_from(request, otherwise=reverse("membership:people", args=[group_id])))


@require_form
def hide(request: PersonRequest, group_id: UUID, kind: str, target_id: UUID) -> HttpResponse:
    """Take something from everybody's sight."""
    return _with_reason(request, actions.hide, group_id, kind, target_id, done="Hidden. Members do not see it now.")


@require_form
def show(request: PersonRequest, group_id: UUID, kind: str, target_id: UUID) -> HttpResponse:
    """Give something hidden back."""
    return _with_reason(request, actions.show, group_id, kind, target_id, done="Shown again. Members can read it.")


def _with_reason(
    request: PersonRequest, deed: Callable[..., Target], group_id: UUID, kind: str, target_id: UUID, *, done: str
) -> HttpResponse:
    now = timezone.now()
    _, target = hideable_for(request.user, group_id, kind, target_id, at=now)
    back = came_from(request, otherwise=target.url)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        deed(request.user, group_id, kind, target_id, reason=form.cleaned_data["reason"], at=now)
        messages.success(request, done)
        return redirect(back)
    context = {"form": form, "back": back, "target": target, "hiding": deed is actions.hide}
    return render(request, "groups/moderation/sight.html", context, status=422 if form.errors else 200)


def _case_page(request: PersonRequest, report_id: UUID, form: DecisionForm | None) -> HttpResponse:
    now = timezone.now()
    actor, report = case_for(request.user, report_id, at=now)
    page = queries.case(actor, report, at=now)
    form = form or _decision_form(page)
    context = {"case": page, "form": form}
    return render(request, "groups/moderation/case.html", context, status=422 if form.errors else 200)


def _decision_form(page: queries.Case, posted: Any = None) -> DecisionForm:
    return DecisionForm(posted, may_hide=page.may_hide, may_mute=page.may_mute, may_remove=page.may_remove)


@require_form
def block(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """See nothing of somebody any more; what that means stands above the button."""
    person, shared = neighbor_for(request.user, person_id)
    back = came_from(request, otherwise=reverse("membership:people", args=[shared[0].group.public_id]))
    refusal, status = None, 200
    try:
        blocking.require_blockable(request.user, person, shared)
        if request.method == "POST":
            blocking.block(request.user, person_id, at=timezone.now())
            messages.success(request, f"You and {person.display_name} don’t see each other’s messages any more.")
            return redirect("moderation:blocks")
    except Refusal as why:
        refusal, status = why, why.status if request.method == "POST" else 200
    context = {
        "neighbor": person,  # the page’s own `person` is who reads it
        "back": back,
        "refusal": refusal,
        "done": block_queries.has_blocked(request.user, person),
    }
    return render(request, "groups/moderation/block.html", context, status=status)


@require_safe
def blocks(request: PersonRequest) -> HttpResponse:
    """Whom I have blocked."""
    return render(request, "groups/moderation/blocks.html", {"blocks": block_queries.my_blocks(request.user)})


@require_POST
def unblock(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """See somebody again."""
    if blocking.unblock(request.user, person_id, at=timezone.now()):
        messages.success(request, "You see each other’s messages again.")
    return redirect("moderation:blocks")
