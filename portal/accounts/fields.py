"""What people are asked about themselves, wherever they are asked."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.choices import BaseChoiceIterator
from django.utils.html import escape
from django.utils.safestring import SafeString

from portal.accounts import names
from portal.accounts.likeness import without_turning
from portal.accounts.models import DeviceKind, User
from portal.accounts.zones import zone_choices
from portal.drawing import draw

PASSWORD_HINT = "At least 12 characters. A few words you can remember make a good one."  # noqa: S105 (words)


NO_ADDRESS = {"required": "Enter your e-mail address.", "invalid": "This does not look like an e-mail address."}
NO_PASSWORD = {"required": "Enter a password."}
NO_CODE = {"required": "Enter the code from the mail."}


class InOurWords:
    """Labels and hints beside the fields instead of placeholders in them."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if isinstance(field, forms.EmailField):
                field.label = self.labels.get(name, "E-mail")
                field.error_messages |= NO_ADDRESS
            elif isinstance(field.widget, forms.PasswordInput):
                field.error_messages |= NO_PASSWORD
            elif name == "code":
                field.label = "Code"
                field.error_messages |= NO_CODE
                field.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false", "autofocus": True}


class DisplayNameField(forms.CharField):
    """A name to be seen by. The form that holds it checks it against the rest of what was given."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Name others see")
        kwargs.setdefault("help_text", names.HINT)
        kwargs.setdefault("error_messages", {"required": "Choose a name for others to see."})
        widget = forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"})
        super().__init__(max_length=names.LONGEST, widget=widget, **kwargs)


class Zones(BaseChoiceIterator):
    """The choices as they are: Django would look through all of them each time for what is to be put right."""

    def __iter__(self) -> Iterator[Any]:
        return iter(zone_choices())


class ZoneSelect(forms.Select):
    """A select of hundreds, drawn once: a page only says which of them is chosen."""

    def optgroups(self, *_: object, **__: object) -> list[Any]:
        return []  # not one by one

    def _render(self, template_name: str, context: dict[str, Any], renderer: object = None) -> SafeString:
        options = _options(settings.CLINIC_TIME_ZONE)
        for chosen in context["widget"]["value"]:
            options = SafeString(options.replace(f'value="{escape(chosen)}"', f'value="{escape(chosen)}" selected', 1))
        return draw("_zone_select", widget=context["widget"], options=options)


@cache
def _options(clinic: str) -> SafeString:  # kept by what they begin with
    first, *groups = zone_choices()
    return draw("_zone_options", first=first, groups=groups)


class ZoneField(forms.ChoiceField):
    """A time zone, the clinic's first."""

    widget = ZoneSelect

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Time zone")
        kwargs.setdefault("initial", lambda: settings.CLINIC_TIME_ZONE)
        super().__init__(choices=Zones(), error_messages={"invalid_choice": "Choose one of these."}, **kwargs)


class DeviceField(forms.ChoiceField):
    """Whose device somebody signs in on. How long they stay signed in depends on it (portal.accounts.lasting)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Whose device is this?")
        super().__init__(choices=DeviceKind.choices, widget=forms.RadioSelect, required=False, **kwargs)
        self.initial = DeviceKind.OWN


def free_display_name(text: str, *, legal_name: str = "", email: str = "", person: User | None = None) -> str:
    """A name by the rules that nobody else has. Raises a form's error in words."""
    for_staff = person is not None and person.is_staff_member
    try:
        name = names.check_display_name(text, legal_name=legal_name, email=email, for_staff=for_staff)
    except names.NameRefused as refusal:
        raise forms.ValidationError(str(refusal)) from None
    if User.objects.name_is_taken(name, but=person, email=email):
        raise forms.ValidationError("Somebody here has this name already, or one like it. Choose another one.")
    return name


def checked_password(password: str, *, email: str, display_name: str = "", legal_name: str = "") -> str:
    """A password by the site's rules. Raises a form's error."""
    validate_password(password, User(email=email, display_name=display_name, legal_name=legal_name))
    return password


class AboutMe(InOurWords, forms.Form):
    """The questions for who makes an account."""

    labels = {"display_name": "Name others see", "legal_name": "Your real name", "time_zone": "Time zone"}
    hints = {
        "display_name": names.HINT,
        "legal_name": "Only the clinic’s admins see it, to know who you are.",
        "time_zone": "Times are shown in it.",
    }
    known_email = ""  # where the form does not ask for it
    display_name = DisplayNameField()
    legal_name = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your real name. Other people in a group never see it."},
    )
    time_zone = ZoneField()

    def clean_legal_name(self) -> str:
        return names.tidy(without_turning(self.cleaned_data["legal_name"]))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        email = given.get("email", "") or self.known_email
        if "display_name" in given:
            try:
                given["display_name"] = free_display_name(
                    given["display_name"], legal_name=given.get("legal_name", ""), email=email
                )
            except forms.ValidationError as error:
                self.add_error("display_name", error)
        return given
