"""The request as views behind the login wall see it."""

from django.http import HttpRequest

from portal.accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in. For type hints only: LoginRequiredMiddleware keeps the promise."""

    user: User
