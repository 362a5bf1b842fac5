"""The pages of the schedule."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.access import Can, group_for, series_for, session_for
from groups.schedule import actions, queries
from groups.schedule.actions import MeetsAlready
from groups.schedule.forms import DetailsForm, RsvpForm, SeriesForm, WhyForm
from groups.schedule.models import Reply
from portal.accounts.requests import PersonRequest
from portal.returning import came_from

require_form: Callable[..., Any] = require_http_methods(["GET", "HEAD", "POST"])
THANKS = {
    Reply.YES: "Thank you. You’re coming.",
    Reply.MAYBE: "Thank you. You can decide later.",
    Reply.NO: "Thank you for telling us. You can change your answer until the session ends.",
}


@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """My sessions over all my groups."""
    page = queries.agenda(request.user, page=request.GET.get("page"), now=timezone.now())
    return render(request, "groups/schedule/mine.html", {"page": page, "here": request.path})


@require_safe
def sessions(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """The sessions of one group."""
    now = timezone.now()
    actor = group_for(request.user, group_id, at=now)
    page = queries.sessions_page(actor, page=request.GET.get("page"), now=now)
    return render(request, "groups/schedule/sessions.html", {"page": page, "group": page.group, "here": request.path})


@require_safe
def session(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """One session."""
    return _session_page(request, session_id, RsvpForm())


@require_POST
def answer(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Say whether I come."""
    form = RsvpForm(request.POST)
    if not form.is_valid():
        return _session_page(request, session_id, form)
    reply = form.cleaned_data["reply"]
    actions.answer(request.user, session_id, reply=reply, at=timezone.now())
    messages.success(request, THANKS[reply])
    return redirect(came_from(request, otherwise=reverse("schedule:session", args=[session_id])))


@require_form
def details(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Topic, place and link of one session."""
    now = timezone.now()
    actor, session = session_for(request.user, session_id, need=Can.RUN_SESSIONS, at=now)
    form = DetailsForm(request.POST) if request.method == "POST" else DetailsForm.of(session)
    if form.is_valid():
        actions.change_details(request.user, session_id, at=now, **form.cleaned_data)
        messages.success(request, "Saved. Members see it now.")
        return redirect("schedule:session", session_id)
    return _form_page(request, "details", form, group=actor.group, session=session)


@require_form
def cancel(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Call one session off."""
    now = timezone.now()
    actor, session = session_for(request.user, session_id, need=Can.RUN_SESSIONS, at=now)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        actions.cancel_session(request.user, session_id, why=form.cleaned_data["why"], at=now)
        messages.success(request, "This session is cancelled. We tell everyone who said yes.")
        return redirect("schedule:session", session_id)
    return _form_page(request, "cancel", form, group=actor.group, session=session)


@require_form
def new_series(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Plan sessions by a rule."""
    now = timezone.now()
    group = group_for(request.user, group_id, need=Can.RUN_SESSIONS, at=now).group
    today = timezone.localdate(now, ZoneInfo(settings.CLINIC_TIME_ZONE))
    form = SeriesForm(request.POST or None, today=today, initial=SeriesForm.start(group.site))
    if form.is_valid():
        try:
            series = actions.start_series(request.user, group_id, at=now, **form.cleaned_data)
        except MeetsAlready as refusal:
            form.add_error("wall_time", refusal.message)
        else:
            messages.success(request, f"Planned. {series.sessions.count()} sessions are on the schedule.")
            return redirect("schedule:sessions", group_id)
    return _form_page(request, "new_series", form, group=group)


@require_form
def end_series(request: PersonRequest, series_id: UUID) -> HttpResponse:
    """End a rule and call off what has not begun."""
    now = timezone.now()
    actor, series = series_for(request.user, series_id, need=Can.RUN_SESSIONS, at=now)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        actions.end_series(request.user, series_id, why=form.cleaned_data["why"], at=now)
        messages.success(request, "These sessions have ended. We tell everyone who said yes.")
        return redirect("schedule:sessions", actor.group.public_id)
    return _form_page(request, "end_series", form, group=actor.group, row=queries.series_row(series))


def _session_page(request: PersonRequest, session_id: UUID, form: RsvpForm) -> HttpResponse:
    now = timezone.now()
    actor, session = session_for(request.user, session_id, at=now)
    page = queries.session_page(actor, session, now=now)
    context = {"page": page, "row": page.row, "session": session, "group": actor.group, "form": form}
    return render(request, "groups/schedule/session.html", context, status=422 if form.errors else 200)


def _form_page(request: PersonRequest, name: str, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form}
    return render(request, f"groups/schedule/{name}.html", context, status=422 if form.errors else 200)
