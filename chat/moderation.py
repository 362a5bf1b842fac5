"""A chat message as something that can be reported and hidden. Stands in settings.MODERATION_TARGETS."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from chat import changes, goodbye
from chat.models import ChangeKind, Message, MessageState, Picture
from groups.moderation.targets import Target
from portal.accounts.models import User
from portal.errors import NotFound


class Messages:
    """Implements groups.moderation.targets.TargetKind. Moderation has opened the group's door before it calls."""

    def find(self, public_id: UUID) -> Target:
        """The message as a facilitator sees it. Raises NotFound."""
        message = _found(public_id)
        group_id = message.room.group.public_id
        return Target(
            kind="message",
            public_id=message.public_id,
            group_id=group_id,
            author=message.author,
            text=message.body,
            url=f"{message.room.url}?at={message.seq}#message-{message.public_id}",
            at=message.sent_at,
            hidden=message.state in (MessageState.HIDDEN, MessageState.HELD),
            gone=message.state == MessageState.REMOVED,
            backstage=message.room.is_back,
            picture=_picture_of(message),
        )

    def hide(self, public_id: UUID, *, by: User, at: datetime) -> None:
        """Take the text from everybody's sight."""
        before = [MessageState.SHOWN, MessageState.HELD]
        _turn(public_id, before, MessageState.HIDDEN, ChangeKind.HIDDEN, by=by, at=at)

    def show(self, public_id: UUID, *, by: User, at: datetime) -> None:
        """Give it back."""
        before = [MessageState.HIDDEN, MessageState.HELD]
        _turn(public_id, before, MessageState.SHOWN, ChangeKind.SHOWN, by=by, at=at)

    def settled(self, public_id: UUID) -> None:
        """What its author took along when they went was kept for the reports alone."""
        goodbye.settle(_found(public_id))


def _turn(
    public_id: UUID, before: list[MessageState], after: MessageState, kind: ChangeKind, *, by: User, at: datetime
) -> None:
    """Doing it twice, or to a message its author has removed, changes nothing."""
    room = changes.hold(pk=_found(public_id).room_id)
    turned = Message.objects.filter(public_id=public_id, state__in=before).update(
        state=after, pinned_at=None, pinned_by=None
    )
    if turned:
        changes.record(room, kind, at=at, actor=by, message=_found(public_id))


def _found(public_id: UUID) -> Message:
    try:
        return Message.objects.select_related("room__group", "author").get(public_id=public_id)
    except Message.DoesNotExist:
        raise NotFound from None


def _picture_of(message: Message) -> str:
    if not Picture.objects.filter(message=message).exists():
        return ""
    return reverse("chat:picture", args=[message.room.public_id, message.public_id])


messages = Messages()
