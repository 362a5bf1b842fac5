"""The choices as a form: looks for everybody, the manners of the chat for people who can have one."""

from typing import Any

from django import forms

from portal.preferences.models import DEFAULTS, LOOKS, SETTINGS

WORDS = {
    "theme": ("Colors", ""),
    "size": ("Text size", ""),
    "spacing": ("Space between lines", ""),
    "motion": ("Movement", "Pages move very little. You can turn off the rest."),
    "enter": ("The Enter key", "Shift and Enter always begin a new line."),
    "undo": ("A message you send", "Nobody sees it while it waits."),
    "typing": ("While you write", "Others in the chat see your name, never your words."),
    "presence": ("While you have a chat open", "Others in it see your name beside the messages."),
    "announce": ("New messages and screen readers", "If you use a screen reader, it can read out what others write."),
}


class PreferencesForm(forms.Form):
    """A group of choices for each setting."""

    def __init__(self, *args: Any, with_chat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SETTINGS if with_chat else LOOKS:
            label, hint = WORDS[name]
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=SETTINGS[name].choices,
                initial=DEFAULTS[name],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one of these.", "invalid_choice": "Choose one of these."},
            )

    def looks(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name in LOOKS]

    def manners(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name not in LOOKS]
