"""What the pages about people need, already fetched."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Lower

from portal.accounts import trail
from portal.accounts.models import DataCopy, Invitation, SignIn, Standing, User

PEOPLE_A_PAGE = 25
RECENT = 8  # entries on a person's own page


def people_page(*, words: str, standing: str, page: str | None) -> Page:
    """Who waits comes first, the longest waiting at the top; then everybody by name."""
    rows = User.objects.known().defer("password")
    if words:
        rows = rows.filter(
            Q(display_name__icontains=words) | Q(legal_name__icontains=words) | Q(email__icontains=words)
        )
    if standing:
        rows = rows.filter(standing=standing)
    waits = Case(When(standing=Standing.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    since = Case(When(standing=Standing.WAITING, then="created_at"))
    return Paginator(rows.order_by(waits, since, Lower("display_name"), "pk"), PEOPLE_A_PAGE).get_page(page)


def waiting_accounts() -> int:
    """How many people wait to be let in."""
    return User.objects.filter(standing=Standing.WAITING).count()


def unanswered_invitations() -> list[Invitation]:
    """Invitations nobody has used yet, newest first."""
    return list(Invitation.objects.unanswered().select_related("invited_by").order_by("-created_at", "-pk"))


def devices_page(person: User, *, here: str | None, now: datetime) -> dict[str, Any]:
    """Where somebody is signed in: here, and elsewhere."""
    rows = list(SignIn.objects.filter(person=person).lasting(now))
    return {
        "here": next((row for row in rows if row.session_id == here), None),
        "others": [row for row in rows if row.session_id != here],
    }


def copies_page(person: User, *, now: datetime) -> dict[str, Any]:
    """What a person asked for: what is there, and whether something is being made."""
    rows = DataCopy.objects.filter(person=person)
    return {
        "ready": list(rows.filter(expires_at__gt=now).order_by("-ready_at", "-pk")),
        "waiting": rows.filter(ready_at=None).exists(),
    }


def person_page(person: User, *, reader: User, now: datetime) -> dict[str, Any]:
    """An account as an admin sees it, and what may be done with it."""
    other = person.pk != reader.pk
    open_account = person.standing in (Standing.APPROVED, Standing.PAUSED, Standing.INVITED)
    return {
        "subject": person,
        "decided_by": person.standing_by,
        "signed_in": SignIn.objects.filter(person=person).lasting(now).count(),
        "entries": trail.recent_about(person, limit=RECENT),
        "may_approve": person.standing == Standing.WAITING,
        "may_turn_down": person.standing == Standing.WAITING,
        "may_change_role": other and open_account,
        "may_deactivate": other and open_account,
        "may_return": person.standing in (Standing.DEACTIVATED, Standing.PAUSED) and not person.is_erased,
    }
