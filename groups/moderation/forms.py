"""What people fill in about reports and mutes. Forms turn words into values; they save nothing."""

from typing import Any

from django import forms

from groups.moderation.models import Outcome, Why

HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60
LENGTHS = [(HOUR, "1 hour"), (DAY, "1 day"), (WEEK, "1 week")]
NEEDS_WORDS = (Outcome.HIDDEN, Outcome.MUTED, Outcome.REMOVED)
CHOOSE = {"required": "Choose one of these.", "invalid_choice": "Choose one of these."}
TOO_LONG = {"max_length": "Please keep it under 500 characters.", "required": "Say why in a few words."}


def words_field(label: str, *, help_text: str = "", required: bool = False) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG,
    )


class ReportForm(forms.Form):
    """Why somebody should look."""

    why = forms.ChoiceField(
        label="What is the matter?", choices=Why.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    words = words_field("Anything you want to add")

    def clean_why(self) -> Why:
        return Why(self.cleaned_data["why"])


class ReasonForm(forms.Form):
    """Why something is hidden or shown again."""

    reason = words_field("Why?", help_text="Only facilitators and admins can read this.", required=True)


class MuteForm(forms.Form):
    """For how long, and why."""

    minutes = forms.TypedChoiceField(
        label="For how long?", choices=LENGTHS, coerce=int, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    reason = words_field("Why?", help_text="The person will read this. Be kind and clear.", required=True)


class DecisionForm(forms.Form):
    """What to do about a report. Choices that cannot be carried out are left out."""

    outcome = forms.ChoiceField(label="What should happen?", widget=forms.RadioSelect, error_messages=CHOOSE)
    also_hide = forms.BooleanField(label="Also hide what was written", required=False)
    note = words_field(
        "Why?",
        help_text="Needed if you hide, mute or remove. A muted person reads it. Do not say who told you.",
    )

    def __init__(self, *args: Any, may_hide: bool, may_mute: bool, may_remove: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = [
            (Outcome.NO_ACTION, "Leave it as it is"),
            (Outcome.TALKED, "I talked with the person"),
        ]
        if may_hide:
            choices.append((Outcome.HIDDEN, "Hide what was written"))
        if may_mute:
            choices += [(f"{Outcome.MUTED}_{minutes}", f"Mute the person for {words}") for minutes, words in LENGTHS]
        if may_remove:
            choices.append((Outcome.REMOVED, "Remove the person from the group"))
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        if not may_hide or not (may_mute or may_remove):
            del self.fields["also_hide"]

    def clean(self) -> dict[str, Any]:
        """Split "muted for a day" into outcome and minutes; ask for words where somebody loses something."""
        values = super().clean() or {}
        chosen, _, minutes = values.get("outcome", "").rpartition("_")
        if minutes.isdigit():
            values |= {"outcome": Outcome(chosen), "minutes": int(minutes)}
        elif "outcome" in values:
            values |= {"outcome": Outcome(values["outcome"]), "minutes": 0}
        values.setdefault("also_hide", False)
        loses = values.get("outcome") in NEEDS_WORDS or values["also_hide"]
        if loses and not values.get("note") and "note" not in self.errors:
            self.add_error("note", "Say why in a few words.")
        return values
