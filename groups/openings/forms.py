"""What an admin says before a group opens."""

from django import forms

TIMES = [("15", "15 minutes"), ("60", "1 hour"), ("240", "4 hours")]


class OpeningForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label="Why do you need to read here?",
        help_text="The facilitators and the other admins read this. Name no patient.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Please say why."},
    )
    minutes = forms.TypedChoiceField(
        label="For how long?", choices=TIMES, coerce=int, initial="15", widget=forms.RadioSelect
    )
