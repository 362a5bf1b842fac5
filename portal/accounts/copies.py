"""A copy of everything the portal keeps about a person: asked for, made by a job, fetched by them alone, deleted."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from procrastinate.contrib.django import app as jobs

from portal import audit, limits
from portal.accounts.models import DataCopy, User
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
    """Make it, and tell the person. Doing it twice makes it once."""
    copy = DataCopy.objects.select_for_update(of=("self",)).select_related("person").filter(public_id=copy_id).first()
    if copy is None or copy.ready_at is not None:
        return
    copy.content = _packed(everything_about(copy.person), _files_of(copy.person), at=at)
    copy.ready_at, copy.expires_at = at, at + KEPT_FOR
    copy.save(update_fields=["content", "ready_at", "expires_at"])
    tell(copy.person, Kind.COPY_READY, at=at)


@transaction.atomic(durable=True)
def fetch_copy(person: User, copy_id: UUID, *, at: datetime) -> bytes:
    """The copy, for its own person only. Raises NotFound."""
    copy = DataCopy.objects.filter(person=person, public_id=copy_id, expires_at__gt=at).first()
    if copy is None:
        raise NotFound
    audit.record(person, "copy.fetched", "person", person.public_id, at=at)
    return bytes(copy.content)


def forget_old_copies(*, at: datetime) -> None:
    """Delete those whose days are over, and what was asked for and never made."""
    DataCopy.objects.filter(expires_at__lte=at).delete()
    DataCopy.objects.filter(ready_at=None, asked_at__lte=at - KEPT_FOR).delete()


def everything_about(person: User) -> list[dict[str, Any]]:
    """Every part's tables, in the order of the settings."""
    kept = [one for path in settings.OWN_DATA for one in import_module(path).KEPT]
    return [{"title": one.title, "rows": one.rows(person.pk)} for one in kept]


def _files_of(person: User) -> Iterator[tuple[str, bytes]]:
    """What a part keeps as files, if it keeps any."""
    for path in settings.OWN_DATA:
        yield from getattr(import_module(path), "files", lambda person_pk: ())(person.pk)


def _packed(parts: list[dict[str, Any]], files: Iterable[tuple[str, bytes]], *, at: datetime) -> bytes:
    """Two files that say the same, one for people, one for programs; and the person's own files beside them."""
    words = render_to_string("portal/accounts/copy.html", {"parts": parts, "at": at})
    plain = json.dumps({"made_at": at, "parts": parts}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.html", words)
        archive.writestr("my-data.json", plain)
        for name, content in files:
            archive.writestr(name, content, zipfile.ZIP_STORED)  # small already
    return packed.getvalue()
