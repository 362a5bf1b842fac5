"""The page that shows mails in the demo, where they are files instead of being sent."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 20  # newest mails on the page


@dataclass(frozen=True)
class Mail:
    """A mail as it lies in the folder."""

    to: str
    subject: str
    sent: datetime
    text: str


@require_safe
@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first. Only routed in the demo and in development."""
    return render(request, "portal/outbox.html", {"mails": newest(Path(settings.EMAIL_FILE_PATH))})


def newest(folder: Path) -> list[Mail]:
    """The newest mails of a folder written by Django's file backend."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:SHOWN]
    return [mail for file in files for mail in reversed(_parse(file))]


def _parse(file: Path) -> list[Mail]:
    parts = file.read_bytes().split(b"-" * 79 + b"\n")
    return [_mail(part) for part in parts if part.strip()]


def _mail(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content().strip() if body else ""
    sent: datetime = message["Date"].datetime  # a naive one is in UTC: "-0000"
    return Mail(str(message["To"]), str(message["Subject"]), sent if sent.tzinfo else sent.replace(tzinfo=UTC), text)
