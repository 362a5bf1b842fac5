"""What people fill in about messages. Forms turn words into values; what may be said is decided by the actions."""

from uuid import uuid4

from django import forms
from django.conf import settings

from chat.text import OddCharacters, TooLong


class MessageForm(forms.Form):
    """A message sent without a script. The key makes sending the same form twice harmless."""

    body = forms.CharField(
        required=False, strip=False, error_messages={"null_characters_not_allowed": OddCharacters.message}
    )
    key = forms.UUIDField(required=False)
    reply_to = forms.UUIDField(required=False)

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
