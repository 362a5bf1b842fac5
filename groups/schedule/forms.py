"""What facilitators fill in about series and sessions, and the answer of a member. Forms save nothing."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator

from groups.membership.models import Site
from groups.schedule.models import Reply, Session

ZONES = [
    ("America/New_York", "Eastern (New York, Ohio)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
]
RHYTHMS = [(1, "Every week"), (2, "Every second week"), (3, "Every third week"), (4, "Every fourth week")]
LENGTHS = [(minutes, f"{minutes} minutes") for minutes in (45, 60, 75, 90, 105, 120)]
TITLE = "Group meeting"
FARTHEST = timedelta(weeks=8)
CHOOSE = {"required": "Choose one of these.", "invalid_choice": "Choose one of these."}
WHERE = "Members see it on the session’s page. Nobody else does."
LINK = "Starts with https://. Members see it 15 minutes before a session begins."
LINK_WRONG = "This is not a link we can use. It has to start with https://."


def zones() -> list[tuple[str, str]]:
    """The zones to choose from, the clinic's own first."""
    own = settings.CLINIC_TIME_ZONE
    names = dict(ZONES)
    return [(own, names.pop(own, own.replace("_", " "))), *names.items()]


class HttpsField(forms.URLField):
    """A link that is encrypted on its way."""

    default_validators = [URLValidator(schemes=["https"], message=LINK_WRONG)]


def link_field() -> HttpsField:
    """An address for a video call."""
    return HttpsField(
        label="Link for a video call",
        help_text=LINK,
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": LINK_WRONG, "max_length": "This link is too long. 300 characters fit."},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )


def words_field(
    label: str, limit: int, *, help_text: str = "", required: bool = False, ask: str = ""
) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=limit,
        error_messages={"required": ask, "max_length": f"Please keep it under {limit} characters."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RsvpForm(forms.Form):
    """Am I coming?"""

    reply = forms.ChoiceField(label="Will you come?", choices=Reply.choices, error_messages=CHOOSE)

    def clean_reply(self) -> Reply:
        return Reply(self.cleaned_data["reply"])


class SeriesForm(forms.Form):
    """A rule for sessions. `today` is the day at the clinic."""

    title = words_field(
        "Name of the sessions", 80, help_text="Members see it.", required=True, ask="Give the sessions a name."
    )
    starts_on = forms.DateField(
        label="First session",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day of the first session.", "invalid": "Write the day as 2026-03-24."},
    )
    wall_time = forms.TimeField(
        label="Starts at",
        help_text="It stays at this hour all year, also when the clocks change.",
        input_formats=["%H:%M", "%H:%M:%S", "%I:%M%p", "%I:%M %p", "%I%p", "%I %p"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose when it starts.", "invalid": "Write the time as 5:30pm or 17:30."},
    )
    zone = forms.ChoiceField(label="Time zone", error_messages=CHOOSE)
    minutes = forms.TypedChoiceField(label="How long", choices=LENGTHS, coerce=int, error_messages=CHOOSE)
    every_weeks = forms.TypedChoiceField(label="How often", choices=RHYTHMS, coerce=int, error_messages=CHOOSE)
    place = words_field("Place", 200, help_text=WHERE)
    link = link_field()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["zone"].choices = zones()  # type: ignore[attr-defined]

    @staticmethod
    def start(site: Site) -> dict[str, Any]:
        """What a new rule usually is, at this site."""
        place = "" if site.online else ", ".join(part for part in (site.name, site.address) if part)
        return {"title": TITLE, "zone": settings.CLINIC_TIME_ZONE, "minutes": 75, "every_weeks": 1, "place": place}

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError("This day is over. Choose today or a later day.")
        if day > self.today + FARTHEST:
            raise forms.ValidationError("Choose a day in the next eight weeks.")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("place") and not values.get("link") and not {"place", "link"} & self.errors.keys():
            self.add_error("place", "Say where you meet: a place, a link, or both.")
        return values


class DetailsForm(forms.Form):
    """What one session is about, and where it is."""

    topic = words_field("What it is about", 200, help_text="One line. Leave it empty for an open session.")
    place = words_field("Place", 200, help_text=WHERE)
    link = link_field()

    @classmethod
    def of(cls, session: Session) -> "DetailsForm":
        """The form as the session stands now."""
        return cls(initial={"topic": session.topic, "place": session.place, "link": session.link})


class WhyForm(forms.Form):
    """Why something is called off."""

    why = words_field(
        "Why?",
        200,
        help_text="Members read this. Name nobody’s health.",
        required=True,
        ask="Say why in a few words. Members will read it.",
    )
