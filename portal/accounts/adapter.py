"""The seam between allauth and the portal: its deeds become ours, its mails and words neutral."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal import audit
from portal.accounts import addresses, alerts, devices, joining, own, recent, words
from portal.accounts.models import User
from portal.notifications.actions import tell
from portal.notifications.kinds import Kind


class AccountAdapter(DefaultAccountAdapter):
    """Reads the clock and calls our actions; keeps nothing of its own."""

    error_messages = DefaultAccountAdapter.error_messages | words.ERRORS

    # Coming in

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.ASK_FOR_ACCOUNT

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        given = form.cleaned_data
        return joining.ask_for_account(
            email=given["email"],
            display_name=given["display_name"],
            legal_name=given["legal_name"],
            time_zone=given["time_zone"],
            password=given["password1"],
            at=timezone.now(),
        )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        person: User = email_address.user
        first, old = not joining.address_is_confirmed(person), person.email
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                joining.confirm_address(person, first=first, at=timezone.now())
            if confirmed and not first and old != email_address.email:
                addresses.note_change(person, old=old, here=request.session.session_key, at=timezone.now())
        return confirmed

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        how = [record.get("type", record["method"]) for record in get_authentication_records(request, user)]
        audit.record(user, "person.signed_in", "person", user.public_id, at=timezone.now(), how=how)
        device = devices.in_words(self.get_http_user_agent(request))
        alerts.note_sign_in(user, device=device, at=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        person = User.objects.filter(email=credentials.get("email", "").lower()).first()
        meant = person.public_id if person is not None else ""
        audit.record(None, "sign_in.refused", "person", meant, at=timezone.now())

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        return not recent.is_recent(self.request)  # the door stands in portal.accounts.recent; this is a second look

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        if not user.is_authenticated:
            return []
        return [{"id": "confirm", "description": "Is it you?", "url": reverse("accounts:confirm")}]

    def logout(self, request: HttpRequest) -> None:
        person = cast(User, request.user)  # allauth asks for signed-in people only
        super().logout(request)  # the session's own end announces itself, see portal.accounts.sessions
        audit.record(person, "person.signed_out", "person", person.public_id, at=timezone.now())

    # Passwords

    def set_password(self, user: User, password: str) -> None:
        own.change_password(user, password=password, at=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")  # every session has ended, this one too

    # Words

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mails go through the queue: the page answers at once whatever the mail server does, and in the same time
        whether or not an address is known. The worker is woken by the database and sends within a second."""
        if template_prefix in words.NOT_SENT:
            return
        known = template_prefix not in words.TO_NOBODY
        kind = words.MAILS.get(template_prefix, Kind.ACCOUNT_CHANGED) if known else Kind.NOBODY_HERE
        with transaction.atomic():
            tell(None, kind, at=timezone.now(), address=email if known else "", secret=context.get("code", ""))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or words.MESSAGES.get(message_template or "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)
