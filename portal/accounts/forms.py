"""What our own pages of this slice ask. allauth's pages have theirs in `entrance`."""

from typing import Any

from django import forms

from portal.accounts import names
from portal.accounts.fields import (
    NO_ADDRESS,
    PASSWORD_HINT,
    AboutMe,
    DeviceField,
    DisplayNameField,
    ZoneField,
    checked_password,
    free_display_name,
)
from portal.accounts.models import Role, Standing, User

NO_REASON = {"required": "Say why, in a few words. It stays in the audit log."}


class ReasonField(forms.CharField):
    """Why something was done. Kept in the audit log."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Why?")
        kwargs.setdefault("help_text", "Only admins read this, in the audit log.")
        super().__init__(max_length=300, error_messages=NO_REASON, **kwargs)


class PeopleFilter(forms.Form):
    """Find people. Sent by POST, so that no name or address ends up in a page's address."""

    words = forms.CharField(label="Name or e-mail", max_length=100, required=False)
    standing = forms.ChoiceField(label="Standing", choices=[("", "All"), *Standing.choices], required=False)


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)
    reason = ReasonField()


class ReasonForm(forms.Form):
    """Nothing but why."""

    reason = ReasonField()


class InviteForm(forms.Form):
    """Whom, and as what."""

    email = forms.EmailField(label="E-mail", max_length=254, error_messages=NO_ADDRESS)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.PATIENT)


class AcceptForm(AboutMe):
    """What is asked of who was invited."""

    labels = AboutMe.labels | {"password": "Password", "device": "Whose device is this?"}
    hints = AboutMe.hints | {"password": PASSWORD_HINT}
    password = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    device = DeviceField()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_email = email

    def clean_password(self) -> str:
        about = {name: self.cleaned_data.get(name, "") for name in ("display_name", "legal_name")}
        return checked_password(self.cleaned_data["password"], email=self.known_email, **about)


class ProfileForm(forms.Form):
    """What people may change about themselves without asking anybody."""

    display_name = DisplayNameField()
    time_zone = ZoneField(help_text="Times are shown in it.")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_display_name(self) -> str:
        person = self.person
        name = names.tidy(self.cleaned_data["display_name"])
        if name.casefold() == person.display_name.casefold():
            return name  # theirs already, whatever the rules were then
        return free_display_name(name, legal_name=person.legal_name, email=person.email, person=person)


class AuditFilter(forms.Form):
    """Which part of the log to show. Only words of ours and opaque ids: they stand in the page's address."""

    person = forms.UUIDField(widget=forms.HiddenInput, required=False)
    verb = forms.ChoiceField(label="What was done", required=False)
    group = forms.ChoiceField(label="Group", required=False)

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], groups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", "Everything"), *verbs]  # type: ignore[attr-defined]
        self.fields["group"].choices = [("", "All groups"), *groups]  # type: ignore[attr-defined]
