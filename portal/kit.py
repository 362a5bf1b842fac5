"""/kit/: every component in every state, on one page. It exists only in the demo and in development."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts.middleware import open_to_waiting


@dataclass(frozen=True)
class Sample:
    """Somebody made up."""

    display_name: str
    public_id: UUID


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Your name here", help_text="Not your real name. Others see it.", max_length=40)
    email = forms.EmailField(label="E-mail", error_messages={"invalid": "This does not look like an e-mail address."})
    words = forms.CharField(label="Anything you want to add", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    site = forms.ChoiceField(label="Where", choices=[("", "Choose one"), ("c", "Cleveland"), ("o", "Online")])
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    answer = forms.ChoiceField(
        label="Will you come?",
        choices=[("yes", "Yes, I will come"), ("maybe", "Maybe"), ("no", "Not this time")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of these."},
    )
    tell = forms.MultipleChoiceField(
        label="Tell me about",
        choices=[("sessions", "Sessions"), ("posts", "New posts")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="What I hear here stays here", error_messages={"required": "Please agree first."})


class SampleSearch(forms.Form):
    """Looking for something."""

    words = forms.CharField(label="Words to look for", widget=forms.TextInput(attrs={"type": "search"}))
    place = forms.ChoiceField(label="Place", choices=[("", "Every place"), ("c", "Cleveland")])


@require_safe
@login_not_required
@open_to_waiting
def kit(request: HttpRequest) -> HttpResponse:
    """The page the picture tests photograph. ?plain leaves out the places, as for a visitor."""
    now = timezone.now()
    people = [Sample(name, UUID(int=place)) for place, name in enumerate(NAMES)]
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    context = {
        "now": now,
        "soon": now + timedelta(hours=3),
        "earlier": now - timedelta(minutes=12),
        "people": people,
        "tones": ["plain", "calm", "good", "care", "harm"],
        "form": SampleForm(auto_id="new_%s"),
        "search": SampleSearch(auto_id="search_%s"),
        "wrong": SampleForm({"name": "", "email": "quiet.river", "tell": ["posts"]}, auto_id="wrong_%s"),
        "page": Paginator(range(100), 20).page(2),
        "tabs": [("overview", "Overview", "#"), ("chat", "Chat", "#chat"), ("sessions", "Sessions", "#s")],
        "steps_labels": ["Your e-mail", "Your name", "Done"],
        "days": [_day(monday + timedelta(days=n), timezone.localdate()) for n in range(7)],
        "month": {
            "label": f"{monday:%B}",
            "weeks": [[None if n < 2 else _day(monday + timedelta(days=n), timezone.localdate()) for n in range(7)]],
        },
        "points": [("Week 1", 5), ("Week 2", 7), ("Week 3", 6), ("Week 4", 8), ("Week 5", 0), ("Week 6", 7)],
    }
    if "plain" not in request.GET:
        context |= {"nav": NAV, "person": people[0]}
    return render(request, "portal/kit.html", context)


NAMES = ["Quiet River", "Juniper", "Sam of the hills", "Blue Heron", "Marigold", "North", "Old Oak", "Wren"]
NAV = [
    {"key": "home", "label": "Home", "url": "#", "icon": "house", "current": True, "count": 0},
    {"key": "groups", "label": "Groups", "url": "#groups", "icon": "users", "current": False, "count": 3},
    {"key": "schedule", "label": "Schedule", "url": "#schedule", "icon": "calendar", "current": False, "count": 0},
    {"key": "resources", "label": "Resources", "url": "#resources", "icon": "book-open", "current": False, "count": 0},
    {"key": "queue", "label": "To do", "url": "#queue", "icon": "inbox", "current": False, "count": 2},
]


def _day(on: object, today: object) -> dict[str, object]:
    busy = on.isoweekday() in (2, 4)  # type: ignore[attr-defined]
    return {"on": on, "today": on == today, "words": "One session" if busy else "", "url": "#week" if busy else ""}
