"""The forms of allauth's pages, in our words and with our questions. Saving stays with allauth and the adapter."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from portal.accounts.fields import PASSWORD_HINT, AboutMe, DeviceField, InOurWords
from portal.accounts.models import User


class SignInForm(InOurWords, allauth_forms.LoginForm):
    """By password."""

    labels = {"password": "Password", "device": "Whose device is this?"}
    device = DeviceField()


class AskForm(AboutMe, allauth_forms.SignupForm):
    """Ask for an account."""

    account_already_exists: bool
    labels = {"password1": "Password"} | AboutMe.labels
    hints = {"password1": PASSWORD_HINT, "email": "We send a code to it. Nobody in a group sees it."} | AboutMe.hints
    field_order = ["email", "display_name", "legal_name", "time_zone", "password1"]

    def validate_unique_email(self, value: str) -> str:
        """An account nobody confirmed gives way, so nobody can keep a stranger's address for themselves."""
        email: str = super().validate_unique_email(value)
        if self.account_already_exists and User.objects.unconfirmed().filter(email=email).exists():
            self.account_already_exists = False
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # takes as long as making the account would
        return super().try_save(request)


class CodeForm(InOurWords, allauth_forms.RequestLoginCodeForm):
    """Ask for a code to sign in with."""

    labels = {"device": "Whose device is this?"}
    device = DeviceField()
    _user: User | None

    def clean_email(self) -> str:
        email = super().clean_email()
        self._user = _confirmed(self._user)
        return email


class ResetForm(InOurWords, allauth_forms.ResetPasswordForm):
    """Ask for a code to choose a new password with."""

    users: list[User]

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [person for person in self.users if _confirmed(person)]
        return email


class ConfirmSignInForm(InOurWords, allauth_forms.ConfirmLoginCodeForm):
    """The code from the mail."""


class ConfirmResetForm(InOurWords, allauth_forms.ConfirmPasswordResetCodeForm):
    """The code from the mail."""


class ConfirmAddressForm(InOurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code from the mail."""

    def clean_code(self) -> str:
        if self.user is None:  # the account gave way to a later one, or there never was one
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_code()


class NewPassword(InOurWords):
    """A new password is written once: it can be shown, and a forgotten one replaced by a code."""

    labels = {"password1": "New password"}
    hints = {"password1": PASSWORD_HINT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]  # type: ignore[attr-defined]


class NewPasswordForm(NewPassword, allauth_forms.ResetPasswordKeyForm):
    """After a code."""


class ChangePasswordForm(NewPassword, allauth_forms.ChangePasswordForm):
    """Another password. Who it is has just been asked, see portal.accounts.recent; the old one says no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["oldpassword"]


class SetPasswordForm(NewPassword, allauth_forms.SetPasswordForm):
    """A first password."""


class ChangeAddressForm(InOurWords, allauth_forms.AddEmailForm):
    """Another address to sign in with."""

    labels = {"email": "New e-mail"}


def _confirmed(person: User | None) -> User | None:
    """An unconfirmed account has a password somebody else may have chosen: no code opens it."""
    if person is None or User.objects.unconfirmed().filter(pk=person.pk).exists():
        return None
    return person
