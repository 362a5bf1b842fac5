"""What becomes of a person's words when they go for good. Stands in settings.CLOSING_FOLLOWERS."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app as jobs

from chat import changes, pictures
from chat.models import Change, ChangeKind, Mention, Message, MessageState, Picture, ReadMark, Room
from groups.moderation.models import Report
from portal.accounts.models import User

PIECE = 50  # messages in one transaction: nobody waits long for the room


def follow_closing(person: User, *, keep_words: bool, at: datetime) -> None:
    """How far they read is forgotten at once; their words are taken out by a job, if they want that."""
    ReadMark.objects.filter(user=person).delete()
    jobs.configure_task("chat.jobs.tell_rooms_of_before").defer(person=person.pk)
    if not keep_words:
        jobs.configure_task("chat.jobs.take_words_out").defer(person=person.pk)


def tell_rooms_of_before(person_pk: int, *, at: datetime) -> None:
    """Rooms they had left earlier hear of it as well, so that pages that lie open there drop the name they had."""
    gone = User.objects.get(pk=person_pk)
    told = Change.objects.filter(kind=ChangeKind.LEFT, actor=gone, at__gte=gone.standing_at).values("room_id")
    spoke = Message.objects.filter(author=gone).values("room_id")
    for pk in Room.objects.filter(pk__in=spoke).exclude(pk__in=told).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic(durable=True):
            changes.record(changes.hold(pk=pk), ChangeKind.LEFT, at=at, actor=gone)


def take_words_out(person_pk: int, *, at: datetime) -> None:
    """Remove every message, a piece at a time. Its place in the conversation stays, and so does, out of sight, what an
    open report is about: see `settle`."""
    evidence = Q(state=MessageState.REMOVED, public_id__in=reported())
    something = ~Q(state=MessageState.REMOVED) | ~Q(body="") | Q(picture__isnull=False)
    left = Message.objects.filter(something, author_id=person_pk).exclude(evidence)
    while (first := left.order_by("room_id", "seq").first()) is not None:
        with transaction.atomic(durable=True):
            room = changes.hold(pk=first.room_id)  # whoever settles a report holds it, too
            piece = list(left.filter(room=room).select_related("author").order_by("seq")[:PIECE])
            needed = set(reported().filter(target_id__in=[one.public_id for one in piece]))
            for message in piece:
                _remove(room, message, at=at)
                if message.public_id not in needed:
                    _erase(message)


def settle(message: Message) -> None:
    """No report about it is open any more, in the caller's transaction: if its author has gone, its words go, too."""
    changes.hold(pk=message.room_id)
    message.refresh_from_db(fields=["state"])
    if message.author.is_erased and message.state == MessageState.REMOVED:
        _erase(message)


def is_reported(message: Message) -> bool:
    """Whether an open report is about it."""
    return reported().filter(target_id=message.public_id).exists()


def reported() -> QuerySet[Report, UUID]:
    """Which messages open reports are about."""
    return Report.objects.filter(kind="message", closed_at=None).values_list("target_id", flat=True)


def _remove(room: Room, message: Message, *, at: datetime) -> None:
    if message.state != MessageState.REMOVED:
        message.state, message.pinned_at, message.pinned_by = MessageState.REMOVED, None, None
        message.save(update_fields=["state", "pinned_at", "pinned_by"])
        changes.record(room, ChangeKind.REMOVED, at=at, actor=message.author, message=message)


def _erase(message: Message) -> None:
    """Words and picture, for good; the file once it is certain."""
    message.body, message.digest = "", b""
    message.save(update_fields=["body", "digest"])
    Mention.objects.filter(message=message).delete()
    for picture in Picture.objects.filter(message=message):
        picture.delete()
        transaction.on_commit(partial(pictures.drop, picture.name))
