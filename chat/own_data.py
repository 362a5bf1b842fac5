"""What the rooms keep about a person: their own words, never anybody else's."""

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
LEFT_OUT = {
    "chat.Message.pinned_by": "Somebody’s message; the deed is in the log.",
    "chat.Mention.user": "Where others named this person: their words.",
    "chat.Change.actor": "The numbered feed: the same deeds stand under messages and groups.",
}
