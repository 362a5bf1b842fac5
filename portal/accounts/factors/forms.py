"""What the pages about factors ask."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts.factors import codes, passkeys, refused
from portal.accounts.fields import NO_CODE
from portal.accounts.models import User
from portal.accounts.words import ERRORS

NO_NAME = {"required": "Give it a name, so that you know it again."}
NO_PASSKEY = {"required": "No passkey came. Please try again.", "invalid": "No passkey came. Please try again."}


class CodeField(forms.CharField):
    """Six digits from an app, or a recovery code."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "inputmode": "numeric"}
        )
        super().__init__(max_length=40, widget=widget, error_messages=NO_APP_CODE, **kwargs)


NO_APP_CODE = NO_CODE | {"required": "Enter the code from your app."}


class FirstCodeForm(forms.Form):
    """The first code of a new app, which shows that it was set up well."""

    code = CodeField(label="Code from the app")

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.fields["code"].widget.attrs.pop("autofocus", None)  # the picture above it comes first

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "code" in given:
            given["counter"] = codes.counter_of(self.secret, given["code"])
            if given["counter"] is None:
                self.add_error("code", ERRORS["incorrect_app_code"])
        return given


class PasskeyForm(forms.Form):
    """A passkey that the browser has just made, and what to call it."""

    name = forms.CharField(
        label="Name",
        max_length=40,
        initial="This device",
        help_text="So that you know it again: My phone, say.",
        error_messages=NO_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages=NO_PASSKEY)

    def clean_credential(self) -> dict[str, Any]:
        return passkeys.made(self.cleaned_data["credential"])


class NameForm(forms.Form):
    """Another name for a passkey."""

    name = forms.CharField(
        label="Name", max_length=40, error_messages=NO_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SecondStepForm(forms.Form):
    """The code at signing in. allauth calls it with the person who is half in."""

    code = CodeField(label="Code", help_text="From your authenticator app, or one of your recovery codes.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.authenticator: Authenticator | None = None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = codes.spend(self.user, code)
        if self.authenticator is None:
            refused.note(self.user, at=timezone.now())
            raise ValidationError(ERRORS["incorrect_code_or_spent"])
        return code

    def save(self) -> None:
        post_authentication(context.request, self.authenticator)


class SecondStepPasskeyForm(AuthenticateWebAuthnForm):
    """The passkey at signing in, after the password."""

    def clean_credential(self) -> Authenticator:
        try:
            passkeys.shown(self.cleaned_data["credential"])
            return super().clean_credential()
        except ValidationError:
            refused.note(self.user, at=timezone.now())
            raise ValidationError(ERRORS["incorrect_passkey"]) from None


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey and nothing else."""

    def clean_credential(self) -> Authenticator:
        try:
            passkeys.shown(self.cleaned_data["credential"])
            return super().clean_credential()
        except ValidationError:
            get_adapter().authentication_failed(context.request)
            raise ValidationError(ERRORS["incorrect_passkey"]) from None
