"""What becomes of a person's words when they go for good. Stands in settings.CLOSING_FOLLOWERS."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app as jobs

from chat import changes
from chat.models import ChangeKind, Mention, Message, MessageState, Picture, ReadMark
from groups.moderation.models import Report
from portal.accounts.models import User

IN_SIGHT = (MessageState.SHOWN, MessageState.HELD)
PIECE = 50  # messages in one transaction: nobody waits long for the room


def follow_closing(person: User, *, keep_words: bool, at: datetime) -> None:
    """How far they read is forgotten at once; their words are taken out by a job, if they want that."""
    ReadMark.objects.filter(user=person).delete()
    if not keep_words:
        jobs.configure_task("chat.jobs.take_words_out").defer(person=person.pk)


def take_words_out(person_pk: int, *, at: datetime) -> None:
    """Remove every message, a piece at a time. Its place in the conversation stays; what was reported stays hidden."""
    something = ~Q(body="") | Q(state__in=IN_SIGHT)  # a picture may stand without words
    left = Message.objects.filter(something, author_id=person_pk).exclude(pk__in=_needed(person_pk))
    while (first := left.order_by("room_id", "seq").first()) is not None:
        with transaction.atomic(durable=True):
            room = changes.hold(pk=first.room_id)
            for message in left.filter(room=room).order_by("seq")[:PIECE]:
                was_shown = message.state in IN_SIGHT
                message.body, message.digest = "", b""
                if was_shown:
                    message.state = MessageState.REMOVED
                message.save(update_fields=["body", "digest", "state"])
                Mention.objects.filter(message=message).delete()
                Picture.objects.filter(message=message).delete()
                if was_shown:
                    changes.record(room, ChangeKind.REMOVED, at=at, actor=message.author, message=message)


def _needed(person_pk: int) -> list[int]:
    """Messages whose report is open: hidden from members, their words stay until it is settled."""
    reported = Report.objects.filter(kind="message", closed_at=None).values("target_id")
    return list(
        Message.objects.filter(author_id=person_pk, public_id__in=reported)
        .exclude(state__in=IN_SIGHT)
        .values_list("pk", flat=True)
    )
