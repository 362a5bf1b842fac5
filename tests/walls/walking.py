"""Every route of the portal, asked for by its people in the filled world of the permission matrix."""

from django.urls import reverse

from tests.permissions import ROUTES
from tests.test_permissions import PARAMETERS, There

CELLS = [(name, method) for name, methods in ROUTES.items() for method in methods]


def address(there: There, name: str, method: str) -> str:
    """Where this route is in the filled world."""
    row = ROUTES[name][method]
    return reverse(name, kwargs={key: there.ids[row.ids.get(key, key)] for key in PARAMETERS[name]})
