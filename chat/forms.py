"""What people fill in about messages. Forms turn words into values; what may be said is decided by the actions."""

from uuid import uuid4

from django import forms

from chat.text import OddCharacters


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


class SpotForm(forms.Form):
    """Where in the history a page begins; what makes no sense is passed over."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    to = forms.UUIDField(required=False)
    reply = forms.UUIDField(required=False)
