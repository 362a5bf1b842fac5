"""Pages about people for admins. For everybody else they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import limits
from portal.accounts import actions, invitations, queries, trail
from portal.accounts.access import SiteCan, person_for, require_site
from portal.accounts.factors import actions as factor_actions
from portal.accounts.factors.queries import has_factor
from portal.accounts.forms import AuditFilter, InviteForm, PeopleFilter, ReasonForm, RoleForm
from portal.accounts.recent import recently_confirmed
from portal.accounts.requests import PersonRequest

SEARCH = "people_search"  # in the session: names and addresses do not belong into a page's address

View = Callable[..., HttpResponse]


def for_site(need: SiteCan) -> Callable[[View], View]:
    """A page that exists only for who may do this. Its actions check again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require_site(request.user, need)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


@require_http_methods(["GET", "HEAD", "POST"])
@for_site(SiteCan.MANAGE_PEOPLE)
def people(request: PersonRequest) -> HttpResponse:
    """Everybody with an account, who waits first."""
    if request.method == "POST":
        asked = PeopleFilter(request.POST)
        request.session[SEARCH] = asked.cleaned_data if asked.is_valid() else {}
        return redirect("accounts:people")
    search = request.session.get(SEARCH) or {"words": "", "standing": ""}
    context = {
        "page": queries.people_page(**search, page=request.GET.get("page")),
        "form": PeopleFilter(initial=search),
        "searched": any(search.values()),
        "invitations": [] if any(search.values()) else queries.unanswered_invitations(),
        "now": timezone.now(),
    }
    return render(request, "portal/accounts/people.html", context)


@require_safe
@for_site(SiteCan.MANAGE_PEOPLE)
def person(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """One account, and what an admin can do with it."""
    actions.note_seen(request.user, person_id, at=timezone.now())
    return _show_person(request, person_id)


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
def approval(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Let them in."""
    approved = actions.approve(request.user, person_id, at=timezone.now())
    return _done(request, person_id, f"{approved.display_name} can come in now. We sent a mail.")


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
def session_endings(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Sign them out everywhere."""
    ended = actions.sign_out_everywhere(request.user, person_id, at=timezone.now())
    return _done(request, person_id, "They are signed out everywhere." if ended else "They were signed in nowhere.")


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
@recently_confirmed(deed="Change role")
def role(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Give another role."""
    form = RoleForm(request.POST, auto_id="role_%s")
    if not form.is_valid():
        return _show_person(request, person_id, role_form=form)
    changed = actions.change_role(request.user, person_id, **form.cleaned_data, at=timezone.now())
    return _done(request, person_id, f"{changed.display_name} has another role now: {changed.get_role_display()}.")


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
@recently_confirmed(deed="Take away")
def second_factors(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Take away the second factors of somebody who lost them."""
    form = ReasonForm(request.POST, auto_id="factors_%s")
    if not form.is_valid():
        return _show_person(request, person_id, factors_form=form)
    helped = factor_actions.reset_for(request.user, person_id, **form.cleaned_data, at=timezone.now())
    return _done(
        request, person_id, f"{helped.display_name} is signed out, and signs in without a second step next time."
    )


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
def deactivation(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Close the account."""
    form = ReasonForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        return _show_person(request, person_id, close_form=form)
    closed = actions.deactivate(request.user, person_id, **form.cleaned_data, at=timezone.now())
    return _done(request, person_id, f"{closed.display_name} can’t come in any more, and is signed out everywhere.")


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
def comeback(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Open the account again."""
    opened = actions.let_return(request.user, person_id, at=timezone.now())
    return _done(request, person_id, f"{opened.display_name} can come in again. We sent a mail.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_site(SiteCan.MANAGE_PEOPLE)
def invite(request: PersonRequest) -> HttpResponse:
    """Invite an address."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _count_invitation(request)
        invitations.invite(request.user, **form.cleaned_data, at=timezone.now())
        messages.success(request, "The invitation is on its way. It works for 7 days.")
        return redirect("accounts:people")
    return render(request, "portal/accounts/invite.html", {"form": form})


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
def invitation_mail(request: PersonRequest, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, with a new link."""
    _count_invitation(request)
    invitations.send_again(request.user, invitation_id, at=timezone.now())
    messages.success(request, "A new mail is on its way. The link before does not work any more.")
    return redirect("accounts:people")


@require_POST
@for_site(SiteCan.MANAGE_PEOPLE)
def invitation_revocation(request: PersonRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitations.revoke(request.user, invitation_id, at=timezone.now())
    messages.success(request, "The invitation is taken back. Its link does not work any more.")
    return redirect("accounts:people")


@require_safe
@for_site(SiteCan.READ_AUDIT)
def audit(request: PersonRequest) -> HttpResponse:
    """Who did what, newest first."""
    verbs, groups = trail.audit_choices()
    form = AuditFilter(request.GET, verbs=verbs, groups=groups)
    wanted = form.cleaned_data if form.is_valid() else {}
    about = person_for(request.user, wanted["person"], need=SiteCan.READ_AUDIT) if wanted.get("person") else None
    page, rows = trail.audit_page(
        person=about, verb=wanted.get("verb", ""), group_id=wanted.get("group", ""), page=request.GET.get("page")
    )
    context = {"page": page, "rows": rows, "form": form, "about": about, "narrowed": any(wanted.values())}
    return render(request, "portal/accounts/audit.html", context)


def _show_person(
    request: PersonRequest,
    person_id: UUID,
    *,
    role_form: forms.Form | None = None,
    close_form: forms.Form | None = None,
    factors_form: forms.Form | None = None,
) -> HttpResponse:
    subject = person_for(request.user, person_id)
    context = queries.person_page(subject, reader=request.user, now=timezone.now()) | {
        "role_form": role_form or RoleForm(initial={"role": subject.role}, auto_id="role_%s"),
        "close_form": close_form or ReasonForm(auto_id="close_%s"),
        "factors_form": factors_form or ReasonForm(auto_id="factors_%s"),
        "may_reset_factors": subject.pk != request.user.pk and has_factor(subject),
    }
    return render(request, "portal/accounts/person.html", context)


def _done(request: PersonRequest, person_id: UUID, words: str) -> HttpResponse:
    """Back to the account, with what was done to it."""
    messages.success(request, words)
    return redirect("accounts:person", person_id)


def _count_invitation(request: PersonRequest) -> None:
    limits.take(f"invite:{request.user.pk}", every=20, burst=30, at=timezone.now())
