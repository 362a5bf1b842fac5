"""Finding something in a room. What is looked for stays in the session: never in an address or a log."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chat import search
from chat.access import room_for
from chat.forms import DayForm, FindForm, SpotForm
from chat.search import Wanted
from portal import limits
from portal.accounts.requests import PersonRequest

SOUGHT = "chat_sought"


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """Search the room, or go to a day."""
    seat = room_for(request.user, room_id, at=timezone.now())
    people = search.authors(seat)
    if request.method == "POST":
        form = FindForm(request.POST, people=people)
        if form.is_valid():
            limits.take_search(request.user.public_id, at=timezone.now())
            request.session[SOUGHT] = {"room": str(room_id), **form.as_text()}
            return redirect("chat:find", room_id)
    else:
        form = FindForm(_sought(request, room_id), people=people)
    wanted = form.wanted() if form.is_bound and form.is_valid() else Wanted()
    spot = SpotForm(request.GET)
    spot.is_valid()
    page = search.find_page(seat, wanted, before=spot.cleaned_data.get("before"))
    status = 422 if request.method == "POST" else 200
    return render(request, "chat/find.html", {"page": page, "form": form, "day_form": DayForm()}, status=status)


@require_safe
def day(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """To the first message of a day."""
    seat = room_for(request.user, room_id, at=timezone.now())
    form = DayForm(request.GET)
    first = search.first_of(seat, form.cleaned_data["day"]) if form.is_valid() else None
    url = seat.room.url
    return redirect(f"{url}?to={first.id}#message-{first.id}" if first else f"{url}#end")


def _sought(request: PersonRequest, room_id: UUID) -> dict[str, str] | None:
    """What was looked for last, in this room."""
    kept = request.session.get(SOUGHT)
    return kept if isinstance(kept, dict) and kept.get("room") == str(room_id) else None
