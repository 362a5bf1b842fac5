"""What a door refused on a socket, written down beside the work: no answer waits for it, a good send pays nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.utils import timezone

from chat.standing import Identity
from chat.threads import Together
from portal.accounts import denied
from portal.accounts.models import User
from portal.errors import Refusal

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Note:
    """Who was refused which operation, and how: never in which room, nor what they wanted to say."""

    user_pk: int
    op: str
    status: int


class Refused:
    """One per process. The same note is on its way once, so hammering costs one look at the limit a round."""

    def __init__(self) -> None:
        self._rounds: Together[Note, None] = Together(note_all)
        self._under_way: set[Note] = set()

    def note(self, who: Identity, op: str, refusal: Refusal) -> None:
        """Write it down soon, if it was a door that said no."""
        one = Note(who.user_pk, op, refusal.status)
        if refusal.status in denied.OUTCOMES and one not in self._under_way:
            self._under_way.add(one)
            self._rounds.ask(one).add_done_callback(partial(self._noted, one))

    def _noted(self, one: Note, done: Any) -> None:
        self._under_way.discard(one)
        if not done.cancelled() and (fault := done.exception()) is not None:
            log.warning("chat.refusal_not_noted", error=type(fault).__name__)


def note_all(notes: Sequence[Note]) -> list[None]:
    """Each as a page that stayed closed is, with the same limit; runs on a thread."""
    at = timezone.now()
    people = User.objects.in_bulk({one.user_pk for one in notes})
    for one in notes:
        denied.note(people[one.user_pk], one.op, one.status, at=at, kind="operation")
    return [None] * len(notes)
