"""What the portal keeps about a person, as each part of it tells for itself. Stands in settings.OWN_DATA.

A part lists the tables that hold something about a person, and those that name one and are left out, with a reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

AT_ONCE = 500  # rows fetched at once


@dataclass(frozen=True)
class Kept:
    """One table: which field names the person, and what of a row they get. Never anybody else's words."""

    title: str
    model: str
    person: str
    shows: dict[str, str]  # in words -> the field

    @property
    def names(self) -> str:
        """The field, as the list of all fields calls it."""
        return f"{self.model}.{self.person}"

    def rows(self, person_pk: int) -> Iterator[dict[str, Any]]:
        """This person's rows, oldest first, some hundred at a time."""
        found = apps.get_model(self.model)._default_manager.filter(**{self.person: person_pk}).order_by("pk")
        for row in found.values_list(*self.shows.values()).iterator(chunk_size=AT_ONCE):
            yield dict(zip(self.shows, row, strict=True))
