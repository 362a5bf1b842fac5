"""What people see without a network: one plain page with the help numbers, which static/js/worker.js keeps for them."""

from functools import cache
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """The page the worker keeps. The same for everybody: nothing of the request goes into it."""
    return HttpResponse(_page())


@cache
def worker_address() -> str:
    """Where the worker is. Another page means another address, so browsers learn of it without asking."""
    return f"{static('js/worker.js')}?{sha256(_page().encode()).hexdigest()[:8]}"


def _page() -> str:
    return get_template("offline.html").render()
