"""A copy of everything the portal keeps about a person: asked for, made by a job, fetched by them alone, deleted."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import count
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app as jobs

from portal import audit, limits
from portal.accounts.models import DataCopy, DataCopyPiece, User
from portal.accounts.packing import Pieces, Rows, pack
from portal.errors import NotFound
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind

KEPT_FOR = timedelta(days=7)
EVERY, AT_ONCE = 12 * 3600, 3  # a person may ask three times, then twice a day


def ask_for_copy(person: User, *, at: datetime) -> DataCopy:
    """Ask for a copy. While one is being made, asking again gives the same."""
    limits.take(f"copy.{person.public_id}", every=EVERY, burst=AT_ONCE, at=at)
    with transaction.atomic(durable=True):
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        waiting = DataCopy.objects.filter(person=person, ready_at=None).first()
        if waiting is not None:
            return waiting
        copy = DataCopy.objects.create(person=person, asked_at=at)
        audit.record(person, "copy.asked", "person", person.public_id, at=at)
        jobs.configure_task("portal.accounts.jobs.make_copy").defer(copy_id=str(copy.public_id))
        return copy


@transaction.atomic(durable=True)
def make_copy(copy_id: UUID, *, at: datetime) -> None:
    """Make it, and tell the person. Doing it twice makes it once; one made before goes when the new one is there."""
    copy = DataCopy.objects.select_for_update(of=("self",)).select_related("person").filter(public_id=copy_id).first()
    if copy is None or copy.ready_at is not None:
        return
    numbers = count()
    with Pieces(lambda piece: DataCopyPiece.objects.create(copy=copy, number=next(numbers), content=piece)) as file:
        pack(file, everything_about(copy.person), _files_of(copy.person), notices=_notices_for(copy.person), at=at)
    copy.ready_at, copy.expires_at = at, at + KEPT_FOR
    copy.save(update_fields=["ready_at", "expires_at"])
    DataCopy.objects.filter(person=copy.person, ready_at__isnull=False).exclude(pk=copy.pk).delete()
    tell(copy.person, Kind.COPY_READY, at=at)


@transaction.atomic(durable=True)
def fetch_copy(person: User, copy_id: UUID, *, at: datetime) -> list[int]:
    """The pieces of the copy in their order, for its own person only; `read_piece` gives each. Raises NotFound."""
    copy = DataCopy.objects.filter(person=person, public_id=copy_id, expires_at__gt=at).first()
    if copy is None:
        raise NotFound
    audit.record(person, "copy.fetched", "person", person.public_id, at=at)
    return list(copy.pieces.order_by("number").values_list("pk", flat=True))


def read_piece(piece: int) -> bytes:
    """One piece of a copy that was fetched."""
    return bytes(DataCopyPiece.objects.values_list("content", flat=True).get(pk=piece))


def read_piece_apart(piece: int) -> bytes:
    """One piece, in the middle of sending: whoever takes it slowly keeps no connection meanwhile."""
    try:
        return read_piece(piece)
    finally:
        connection.close()


def forget_old_copies(*, at: datetime) -> None:
    """Delete those whose days are over, and what was asked for and never made."""
    DataCopy.objects.filter(expires_at__lte=at).delete()
    DataCopy.objects.filter(ready_at=None, asked_at__lte=at - KEPT_FOR).delete()


def everything_about(person: User) -> list[tuple[str, Rows]]:
    """Every part's tables, in the order of the settings."""
    kept = [one for path in settings.OWN_DATA for one in import_module(path).KEPT]
    return [(one.title, partial(one.rows, person.pk)) for one in kept]


def _notices_for(person: User) -> list[str]:
    """What a part wants to stand on the copy, if anything."""
    parts = [import_module(path) for path in settings.OWN_DATA]
    return [notice for part in parts for notice in getattr(part, "notices", lambda person_pk: ())(person.pk)]


def _files_of(person: User) -> Iterator[tuple[str, bytes]]:
    """What a part keeps as files, if it keeps any."""
    for path in settings.OWN_DATA:
        yield from getattr(import_module(path), "files", lambda person_pk: ())(person.pk)
