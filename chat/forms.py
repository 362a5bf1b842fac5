"""What people fill in about messages. Forms turn words into values; what may be said is decided by the actions."""

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.conf import settings

from chat.search import Wanted
from chat.text import OddCharacters, TooLong
from portal.accounts.models import User


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


SLOW = [(0, "Off"), (10, "10 seconds"), (30, "30 seconds"), (60, "1 minute"), (300, "5 minutes"), (900, "15 minutes")]


class MessageForm(forms.Form):
    """A message sent without a script. The key makes sending the same form twice harmless."""

    body = forms.CharField(
        required=False, strip=False, error_messages={"null_characters_not_allowed": OddCharacters.message}
    )
    key = forms.UUIDField(required=False)
    reply_to = forms.UUIDField(required=False)
    picture = forms.FileField(required=False, max_length=255, allow_empty_file=True)
    alt = forms.CharField(required=False, max_length=200)

    def clean_key(self) -> object:
        """A form that lost its key is a new message."""
        return self.cleaned_data["key"] or uuid4()


class WordsForm(forms.Form):
    """The new words of a message."""

    body = forms.CharField(
        label="Your message",
        required=False,
        strip=False,
        max_length=settings.CHAT["BODY"],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "null_characters_not_allowed": OddCharacters.message,
            "max_length": TooLong.message,
        },
    )


class ReactionForm(forms.Form):
    """One kind of reaction, to put on or to take back: whichever button was pressed."""

    put = forms.CharField(required=False, max_length=20)
    take = forms.CharField(required=False, max_length=20)

    def wanted(self) -> tuple[str, bool]:
        """The kind, and whether it is to be there."""
        put, take = self.cleaned_data["put"], self.cleaned_data["take"]
        return (put, True) if put else (take, False)


class PinForm(forms.Form):
    """Pin it, or no longer."""

    on = forms.BooleanField(required=False)


class SpotForm(forms.Form):
    """Where in the history a page begins; what makes no sense is passed over."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    to = forms.UUIDField(required=False)
    reply = forms.UUIDField(required=False)


class RulesForm(forms.Form):
    """When members may write, and how often."""

    state = forms.ChoiceField(
        label="In this chat",
        choices=[("open", "Everyone in the group"), ("read_only", "Facilitators only")],
        widget=forms.RadioSelect,
    )
    slow_seconds = forms.TypedChoiceField(
        label="How long a member waits between two messages", coerce=int, choices=SLOW
    )
    opens_at = forms.TimeField(
        label="Opens at",
        help_text="Leave both empty to keep it open all day.",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    closes_at = forms.TimeField(
        label="Closes at", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        opens, closes = values.get("opens_at"), values.get("closes_at")
        if (opens is None) != (closes is None) and not self.errors:
            self.add_error("closes_at" if closes is None else "opens_at", "Choose both times, or none.")
        elif opens is not None and opens == closes:
            self.add_error("closes_at", "Choose another time than the one it opens at.")
        return values


class HereForm(forms.Form):
    """Until when somebody is here today."""

    until = forms.TimeField(
        label="Until",
        help_text="A time later today.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class FindForm(forms.Form):
    """Look for what was said."""

    words = forms.CharField(
        label="Words",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    author = forms.ChoiceField(label="Written by", required=False)
    since = forms.DateField(label="From this day on", required=False, widget=_day())
    until = forms.DateField(label="Up to this day", required=False, widget=_day())

    def __init__(self, data: Any = None, *, people: list[User]) -> None:
        super().__init__(data)
        field = cast(forms.ChoiceField, self.fields["author"])
        field.choices = [("", "Anybody"), *((str(one.public_id), one.display_name) for one in people)]

    def clean_words(self) -> str:
        return " ".join(self.cleaned_data["words"].split())

    def wanted(self) -> Wanted:
        """The clean values."""
        author = self.cleaned_data["author"]
        return Wanted(
            self.cleaned_data["words"],
            UUID(author) if author else None,
            self.cleaned_data["since"],
            self.cleaned_data["until"],
        )

    def as_text(self) -> dict[str, str]:
        """The clean values as they were typed, to keep them."""
        return {name: str(value) if value else "" for name, value in self.cleaned_data.items()}


class DayForm(forms.Form):
    """Go to a day."""

    day = forms.DateField(label="Day", widget=_day())


class QuietForm(forms.Form):
    """Whether a room is quiet for somebody."""

    on = forms.BooleanField(required=False)


class ReadForm(forms.Form):
    """How far somebody has read."""

    seq = forms.IntegerField(min_value=1, max_value=2**53)
