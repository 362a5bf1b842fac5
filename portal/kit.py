"""Every component in every state, on one page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def kit(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "portal/kit.html")
