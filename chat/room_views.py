"""Pages about a room itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from chat import marking, ruling
from chat.access import room_for
from chat.forms import HereForm, QuietForm, ReadForm, RulesForm
from chat.refusals import NotLaterToday
from chat.rules import RoomRules
from groups.access import Can
from portal.accounts.requests import PersonRequest
from portal.errors import NotFound


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """When members may write, and how often: for those who facilitate."""
    now = timezone.now()
    room = room_for(request.user, room_id, need=Can.MODERATE, at=now).room
    if room.is_back:  # nobody is in it who could be told to wait
        raise NotFound
    present = {name: getattr(room, name) for name in ruling.FIELDS}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=present)
    if request.method == "POST" and form.is_valid():
        ruling.set_rules(request.user, room_id, rules=RoomRules(**form.cleaned_data), at=now)
        messages.success(request, "Done. Open pages of the chat follow at once.")
        return redirect(room.url)
    context = {"form": form, "group": room.group, "room": room}
    return render(request, "chat/rules.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def here(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """Say until when one is here today, or no longer: for those who facilitate."""
    now = timezone.now()
    room = room_for(request.user, room_id, need=Can.MODERATE, at=now).room
    stops = "stop" in request.POST
    form = HereForm(request.POST if request.method == "POST" and not stops else None)
    if stops or form.is_valid():
        try:
            ruling.say_here(request.user, room_id, until=None if stops else form.cleaned_data["until"], at=now)
        except NotLaterToday as refusal:
            form.add_error("until", refusal.message)
        else:
            messages.success(request, "Done. The chat follows at once.")
            return redirect(room.url)
    is_here = room.here_by_id == request.user.pk and room.here_until is not None and room.here_until > now
    context = {"form": form, "group": room.group, "room": room, "is_here": is_here}
    return render(request, "chat/here.html", context, status=422 if form.errors else 200)


@require_POST
def quiet(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """Make the room quiet for oneself, or not any more."""
    form = QuietForm(request.POST)
    form.is_valid()
    on = form.cleaned_data["on"]
    marking.set_quiet(request.user, room_id, on=on, at=timezone.now())
    messages.success(request, "This chat is quiet for you now." if on else "You see again what is new here.")
    return redirect("chat:find", room_id)


@require_POST
def read(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """Read up to the number the page was drawn with: what came after it stays new."""
    now = timezone.now()
    room_for(request.user, room_id, at=now)
    form = ReadForm(request.POST)
    if form.is_valid():
        marking.mark_read(request.user, room_id, seq=form.cleaned_data["seq"], at=now)
        messages.success(request, "Marked as read.")
    return redirect("home")
