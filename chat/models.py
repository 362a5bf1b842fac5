"""Rooms, what was said in them, and the numbered feed of changes (see the chat protocol)."""

from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class Log(models.Model):
    """The one row that names this history. A restore from backup changes the epoch: clients start afresh."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid4)

    class Meta:
        app_label = "chat"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_log")]

    def __str__(self) -> str:
        return str(self.epoch)


class RoomState(models.TextChoices):
    """Who may write."""

    OPEN = "open", "Open"
    READ_ONLY = "read_only", "Reading only"


class RoomKind(models.TextChoices):
    """Whose room of a group it is."""

    GROUP = "group", "The group's room"
    BACK = "back", "The back room of those who facilitate"


class Room(models.Model):
    """A group's chat, or the back room of those who facilitate it. Its row lock orders all that happens in it."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey("groups.Group", models.PROTECT, related_name="rooms")
    kind = models.CharField(max_length=5, choices=RoomKind, default=RoomKind.GROUP)
    state = models.CharField(max_length=10, choices=RoomState, default=RoomState.OPEN)
    slow_seconds = models.PositiveSmallIntegerField(default=0)  # between two messages of one member; 0: no wait
    opens_at = models.TimeField(null=True)  # on the clinic's wall; without hours it is open all day
    closes_at = models.TimeField(null=True)
    archived = models.BooleanField(default=False)  # follows the group: nobody writes in it any more
    here_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    here_until = models.DateTimeField(null=True)  # until when that facilitator has said to be here
    head_seq = models.BigIntegerField(default=0)
    membership_version = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "chat"
        constraints = [
            models.UniqueConstraint(fields=["group", "kind"], name="one_room_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=RoomKind.values), name="room_kind_is_known"),
            models.CheckConstraint(condition=Q(slow_seconds__lte=3600), name="slow_mode_is_sensible"),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None)
                | Q(opens_at__isnull=False, closes_at__isnull=False) & ~Q(opens_at=F("closes_at")),
                name="a_room_opens_and_closes",
            ),
            models.CheckConstraint(
                condition=Q(here_by=None, here_until=None) | Q(here_by__isnull=False, here_until__isnull=False),
                name="somebody_is_here_until_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"room {self.public_id}"

    @property
    def topic(self) -> str:
        """Where hints about this room go (see portal.live)."""
        return f"room.{self.public_id}"

    @property
    def is_back(self) -> bool:
        return self.kind == RoomKind.BACK

    @property
    def url(self) -> str:
        """The address of its page."""
        return room_url(self.kind, self.group.public_id)


def room_url(kind: str, group_id: UUID) -> str:
    """The address of a room's page."""
    return reverse("chat:back" if kind == RoomKind.BACK else "chat:room", args=[group_id])


class MessageState(models.TextChoices):
    """Who still sees the text."""

    SHOWN = "shown", "Shown"
    HELD = "held", "Held until a facilitator has looked"
    HIDDEN = "hidden", "Hidden by a facilitator"
    REMOVED = "removed", "Removed by its author"


class Message(models.Model):
    """What somebody said. `seq` is the number of its first change, so it also orders the room."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="messages")
    seq = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.UUIDField()  # chosen by the sender; makes sending again harmless
    digest = models.BinaryField(max_length=32)  # of the body as first sent: tells a resend from another text
    body = models.TextField(max_length=4000)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.SHOWN)
    sent_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "chat"
        indexes = [
            models.Index(fields=["room"], condition=Q(pinned_at__isnull=False), name="pinned_in_a_room"),
            GinIndex(SearchVector("body", config="english"), name="messages_by_words"),
            GinIndex(fields=["body"], opclasses=["gin_trgm_ops"], name="messages_by_letters"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pinned_at=None) | Q(state=MessageState.SHOWN, pinned_by__isnull=False),
                name="what_is_pinned_is_shown",
            ),
            models.UniqueConstraint(fields=["room", "author", "key"], name="one_message_a_key"),
            models.UniqueConstraint(fields=["room", "seq"], name="one_message_a_number"),
        ]

    def __str__(self) -> str:
        return f"message {self.public_id}"


class Picture(models.Model):
    """The picture of a message. Its file goes with the row: see `chat.pictures`."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="picture")
    name = models.CharField(max_length=32, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=200)

    class Meta:
        app_label = "chat"

    def __str__(self) -> str:
        return f"picture {self.name}"


class Mention(models.Model):
    """Somebody whom a message names. `written` is the name as typed: people come to be called otherwise."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written = models.CharField(max_length=40)

    class Meta:
        app_label = "chat"
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_mention_a_person")]

    def __str__(self) -> str:
        return f"mention of {self.user_id}"


class ReactionKind(models.TextChoices):
    """The supportive set, in the order it is offered in."""

    WITH_YOU = "with_you", "With you"
    THANK_YOU = "thank_you", "Thank you"
    HOPE = "hope", "Hope"
    SAME_HERE = "same_here", "Same here"
    PROUD = "proud", "Proud of you"


class Reaction(models.Model):
    """A kind word on a message, in one press. Each person may give each of them once."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReactionKind)
    at = models.DateTimeField()

    class Meta:
        app_label = "chat"
        constraints = [
            models.UniqueConstraint(fields=["message", "user", "kind"], name="one_reaction_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=ReactionKind.values), name="reaction_is_of_the_set"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.user_id}"


class ChangeKind(models.TextChoices):
    """What can happen in a room."""

    SENT = "message.sent"
    EDITED = "message.edited"
    REMOVED = "message.removed"
    HIDDEN = "message.hidden"
    SHOWN = "message.shown"
    HELD = "message.held"
    REACTION = "reaction.changed"
    ROOM = "room.changed"
    JOINED = "member.joined"
    LEFT = "member.left"


class Change(models.Model):
    """One step of the feed. It holds no text: a replay joins the message as it is now."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="changes")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=ChangeKind)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "chat"
        constraints = [models.UniqueConstraint(fields=["room", "seq"], name="one_change_a_number")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class ReadMark(models.Model):
    """How far a person has read; only ever grows. Apart from it: from where they want to find it new again."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seq = models.BigIntegerField(default=0)
    unread_from = models.BigIntegerField(null=True)  # until the room is read again
    quiet = models.BooleanField(default=False)  # what is new here is not pressed on them
    at = models.DateTimeField()

    class Meta:
        app_label = "chat"
        constraints = [
            models.UniqueConstraint(fields=["room", "user"], name="one_mark_a_reader"),
            models.CheckConstraint(
                condition=Q(unread_from=None) | Q(unread_from__gte=1, unread_from__lte=F("seq") + 1),
                name="what_is_new_again_was_read",
            ),
        ]

    def __str__(self) -> str:
        return f"read to {self.seq}"
