"""The list of groups, one group, and coming and going."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from groups.access import Can, group_for, groups_for
from groups.membership import actions, queries
from groups.membership.deeds import AgreementNeeded
from groups.membership.forms import AgreementForm, AskForm, FindGroupsForm
from groups.membership.models import Agreement, State
from portal.accounts.requests import PersonRequest
from portal.errors import Refusal
from portal.markdown import to_html

SOUGHT = "groups_sought"  # in the session: what people look for stays out of addresses and the browser's history


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: PersonRequest) -> HttpResponse:
    """My groups first, then those I could join."""
    rows, sites = groups_for(request.user), queries.all_sites()
    if request.method == "POST":
        form = FindGroupsForm(request.POST, sites=sites)
        request.session[SOUGHT] = form.cleaned_data if form.is_valid() else {}
        return redirect("membership:groups")
    form = FindGroupsForm(request.session.get(SOUGHT, {}), sites=sites)
    sought = form.cleaned_data if form.is_valid() else {}
    site, words = sought.get("site"), sought.get("words", "")
    page = queries.groups_page(
        request.user, rows, site=site, words=words, page=request.GET.get("page"), now=timezone.now()
    )
    context = {"page": page, "form": form, "is_narrowed": bool(site or words)}
    return render(request, "groups/membership/groups.html", context)


@require_safe
def group(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """The overview for who is in; the public card for everybody else."""
    return _show_group(request, group_id)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Ask to join. The form stands on the group's page."""
    now = timezone.now()
    group = group_for(request.user, group_id, need=Can.SEE_CARD, at=now).group
    if request.method != "POST":
        return redirect("membership:group", group_id)
    agreement = group.current_agreement()
    form = AskForm(request.POST, version=agreement.version if agreement else None)
    if not form.is_valid():
        return _show_group(request, group_id, form=form, status=422)
    try:
        stay = actions.ask_to_join(
            request.user,
            group_id,
            words=form.cleaned_data["words"],
            accepted=form.cleaned_data["version"] or 0,
            at=now,
        )
    except AgreementNeeded as refusal:  # the text on the page is an old one: the box must be ticked anew
        messages.warning(request, refusal.message)
        return _show_group(request, group_id, words=form.cleaned_data["words"], status=refusal.status)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.add_error(None, refusal.message)
        return _show_group(request, group_id, form=form, status=refusal.status)
    messages.success(request, ASKED_WORDS.get(State(stay.state), "You are in this group."))
    return redirect("membership:group", group_id)


ASKED_WORDS = {
    State.ACTIVE: "Welcome. You are in.",
    State.ASKED: "You asked to join. A facilitator will answer.",
    State.WAITLISTED: "You are on the waiting list.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Leave, after a look at what that means; or take a request back."""
    now = timezone.now()
    if request.method == "POST":
        stay = actions.leave(request.user, group_id, at=now)
        messages.success(request, "You have left the group." if stay.joined_at else "Your request is taken back.")
        return redirect("membership:groups")
    actor = group_for(request.user, group_id, need=Can.LEAVE, at=now)
    return render(request, "groups/membership/leave.html", {"page": queries.group_page(actor, now)})


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Read the agreement in force, and accept it when it is new to me."""
    now = timezone.now()
    actor = group_for(request.user, group_id, need=Can.SEE_CARD, at=now)
    page = queries.group_page(actor, now)
    version = page.agreement.version if page.agreement else None
    form = AgreementForm(request.POST if request.method == "POST" else None, initial={"version": version})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_agreement(request.user, group_id, version=form.cleaned_data["version"], at=now)
        except AgreementNeeded as refusal:
            form = AgreementForm(initial={"version": version})
            messages.warning(request, refusal.message)
            status = refusal.status
        else:
            messages.success(request, "Thank you. It is noted that you accept the agreement.")
            return redirect("membership:group", group_id)
    context = {"page": page, "form": form, "agreement_html": _as_html(page.agreement)}
    return render(request, "groups/membership/agreement.html", context, status=status)


def _show_group(
    request: PersonRequest, group_id: UUID, *, form: AskForm | None = None, words: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    actor = group_for(request.user, group_id, need=Can.SEE_CARD, at=now)
    page = queries.group_page(actor, now)
    version = page.agreement.version if page.agreement else None
    form = form or AskForm(version=version, words=words)
    context = {"page": page, "form": form, "agreement_html": _as_html(page.agreement) if page.may_ask else ""}
    template = "group.html" if page.may_see_members else "card.html"
    return render(request, f"groups/membership/{template}", context, status=status)


def _as_html(agreement: Agreement | None) -> str:
    """The agreement as safe HTML, its headings one level down: it stands under a heading of the page."""
    html = to_html(agreement.text) if agreement is not None else ""
    for level in (3, 2):
        html = html.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    return mark_safe(html)  # noqa: S308 (to_html keeps harmless tags only)
