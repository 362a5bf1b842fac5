"""What the rooms keep about a person: their own words, never anybody else's."""

from collections.abc import Iterator

from chat.models import Picture
from chat.pictures import path
from portal.keeping import Kept

KEPT = [
    Kept(
        "Your messages",
        "chat.Message",
        "author",
        {
            "Group": "room__group__name",
            "Sent": "sent_at",
            "Edited": "edited_at",
            "State": "state",
            "Text": "body",
            "Picture": "picture__alt",
            "Picture file": "picture__name",
        },
    ),
    Kept(
        "Your reactions",
        "chat.Reaction",
        "user",
        {"Group": "message__room__group__name", "Reaction": "kind", "When": "at"},
    ),
    Kept(
        "How far you read",
        "chat.ReadMark",
        "user",
        {"Group": "room__group__name", "Message number": "seq", "When": "at"},
    ),
]


def files(person_pk: int) -> Iterator[tuple[str, bytes]]:
    """Their own pictures, each with its name in the copy."""
    for name in Picture.objects.filter(message__author=person_pk).order_by("pk").values_list("name", flat=True):
        if (file := path(name)).exists():
            yield f"pictures/{name}.webp", file.read_bytes()


LEFT_OUT = {
    "chat.Room.here_by": "That this facilitator is in the room for now: work, and gone within the day.",
    "chat.Message.pinned_by": "Somebody’s message; the deed is in the log.",
    "chat.Mention.user": "Where others named this person: their words.",
    "chat.Change.actor": "The numbered feed: the same deeds stand under messages and groups.",
}
