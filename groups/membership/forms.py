"""What people type about groups, turned into clean values."""

from typing import Any, cast

from django import forms

from groups.membership.details import GroupDetails
from groups.membership.models import Cohort, Group, GroupRole, History, JoinRule, Site, Status

WORDS_LENGTH = 500
AGREEMENT_LENGTH = 8000


def _plain_lines(text: str) -> str:
    """Browsers end lines in their own way; the same text must compare as the same."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _offer(form: forms.Form, first: str, sites: list[Site]) -> None:
    field = cast(forms.ChoiceField, form.fields["site"])
    field.choices = [("", first), *((site.pk, site.name) for site in sites)]


class FindGroupsForm(forms.Form):
    """Narrow the list of groups."""

    site = forms.TypedChoiceField(label="Place", coerce=int, empty_value=None, required=False)
    words = forms.CharField(
        label="Words to look for",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "Every place", sites)


class AskForm(forms.Form):
    """Ask to join. The version says which text of the agreement was on the page."""

    words = forms.CharField(
        label="What should the facilitator know?",
        help_text="A few words are enough. Only the group’s facilitators and the clinic’s admins read them.",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    accepted = forms.BooleanField(
        label="I have read the agreement and will keep to it",
        error_messages={"required": "Please read the agreement and tick this box."},
    )

    def __init__(self, data: Any = None, *, version: int | None, words: str = "") -> None:
        super().__init__(data, initial={"version": version, "words": words})
        if version is None:
            del self.fields["accepted"]


class AgreementForm(forms.Form):
    """Accept the agreement again, after it has changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label="I have read the agreement and will keep to it",
        error_messages={"required": "Please read the agreement and tick this box."},
    )


class WordsForm(forms.Form):
    """The words of an answer to a request."""

    words = forms.CharField(
        label="Your words to them",
        help_text="They read this. It is needed when you decline.",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RemovalForm(forms.Form):
    """End somebody's stay."""

    reason = forms.CharField(
        label="Why",
        help_text="For the clinic’s records. The person does not read this.",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Please say why in a few words."},
    )
    may_return = forms.ChoiceField(
        label="May they ask to join again?",
        choices=[("yes", "Yes, they may ask again"), ("no", "No, they cannot come back to this group")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of these."},
    )


class RoleForm(forms.Form):
    """Give somebody another role in the group."""

    role = forms.ChoiceField(choices=GroupRole, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why",
        help_text="For the clinic’s records.",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Please say why in a few words."},
    )


class FindPeopleForm(forms.Form):
    """Look for a person to add. Sent by POST: names and addresses stay out of the browser's history."""

    find = forms.CharField(
        label="Name or e-mail",
        help_text="A part of it is enough.",
        min_length=2,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={
            "required": "Type a part of a name or an e-mail address.",
            "min_length": "Type at least two letters.",
        },
    )


class AddForm(forms.Form):
    """Add the person who was found."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    role = forms.ChoiceField(choices=GroupRole)


class GroupForm(forms.Form):
    """What a group is."""

    name = forms.CharField(label="Name", help_text="Only people who are signed in see it.", max_length=80)
    purpose = forms.CharField(
        label="What it is for",
        help_text="Two or three short sentences. Everybody who looks for a group reads them.",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    focus = forms.CharField(label="Focus", help_text="For example: starting out.", max_length=80, required=False)
    site = forms.TypedChoiceField(label="Where it meets", coerce=int, empty_value=None, required=False)
    place = forms.CharField(
        label="Or a new place", help_text="Its short name, for example a town.", max_length=60, required=False
    )
    address = forms.CharField(
        label="Address of the new place", help_text="Only members see it.", max_length=200, required=False
    )
    online = forms.BooleanField(label="The new place is online", required=False)
    capacity = forms.IntegerField(
        label="Places", help_text="Six to ten work well. Facilitators need none.", min_value=2, max_value=40, initial=8
    )
    join_rule = forms.ChoiceField(
        label="How people come in", choices=JoinRule, initial=JoinRule.ASK, widget=forms.RadioSelect
    )
    cohort = forms.ChoiceField(label="Coming and going", choices=Cohort, initial=Cohort.OPEN, widget=forms.RadioSelect)
    status = forms.ChoiceField(label="Now", choices=Status, initial=Status.OPEN, widget=forms.RadioSelect)
    history = forms.ChoiceField(
        label="How far back members read in the chat",
        help_text="What people wrote before somebody came was meant for those who were there.",
        choices=History,
        initial=History.JOINED,
        widget=forms.RadioSelect,
    )
    history_days = forms.IntegerField(
        label="How many days", help_text="Only for “The last days only”.", min_value=1, max_value=3650, initial=30
    )
    keep_months = forms.IntegerField(
        label="Months the chat keeps messages",
        help_text="Older ones are deleted for good. What a report is about stays longer, for facilitators only.",
        min_value=1,
        max_value=84,
        initial=12,
    )
    pictures = forms.BooleanField(
        label="Members may share pictures in the chat",
        help_text="A picture can show more of a person or a place than words do.",
        required=False,
    )
    agreement = forms.CharField(
        label="Agreement",
        help_text="The ground rules, and the limits of what stays private. "
        "When you change it, members are asked to accept it again.",
        max_length=AGREEMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    part_two = forms.BooleanField(
        label="This group belongs to a Part 2 program",
        help_text="It treats substance use under 42 CFR part 2. Copies of data then carry the law’s notice.",
        required=False,
    )

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "Choose a place", sites)

    def clean_purpose(self) -> str:
        return _plain_lines(self.cleaned_data["purpose"])

    def clean_agreement(self) -> str:
        return _plain_lines(self.cleaned_data["agreement"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("site") is None and not values.get("place") and "site" not in self.errors:
            self.add_error("site", "Choose a place, or name a new one.")
        return values

    def details(self) -> GroupDetails:
        """The clean values, in the words of the actions."""
        values = dict(self.cleaned_data)
        values["site_id"] = values.pop("site")
        return GroupDetails(**values)

    @staticmethod
    def values_of(group: Group, agreement: str) -> dict[str, Any]:
        """A group as it is, to begin with."""
        names = ["name", "purpose", "focus", "capacity", "join_rule", "cohort", "status", "history"]
        names += ["history_days", "keep_months", "pictures", "part_two"]
        return {name: getattr(group, name) for name in names} | {"site": group.site_id, "agreement": agreement}
