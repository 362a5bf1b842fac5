"""The room's pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from chat.access import room_for, room_of


@require_safe
def room(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """A group's chat."""
    seat = room_of(request.user, group_id, at=timezone.now())
    return render(request, "chat/room.html", {"room": seat.room, "group": seat.actor.group})


@require_POST
def send(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Say something, without a script."""
    seat = room_for(request.user, room_id, at=timezone.now())
    return redirect("chat:room", seat.room.group.public_id)


@require_safe
def older(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """What was said before."""
    seat = room_for(request.user, room_id, at=timezone.now())
    return redirect("chat:room", seat.room.group.public_id)
