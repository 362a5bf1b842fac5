"""Telling the layers above that a person's sessions end, inside the transaction that ends them.

The followers stand in `settings.PERSON_FOLLOWERS`, like those of a group: what is committed after the end then never
reaches a socket of that person, whatever becomes of the hints.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from portal.accounts.models import User


def tell_of_end(person: User) -> None:
    """Tell every follower. The caller is inside its transaction."""
    for path in settings.PERSON_FOLLOWERS:
        import_string(path)(person)
