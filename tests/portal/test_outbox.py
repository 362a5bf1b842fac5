"""The page that shows mails in the demo."""

from datetime import timedelta
from pathlib import Path

from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.utils import timezone

from portal.notifications import actions
from portal.notifications.kinds import Kind
from portal.outbox import newest
from tests import cast


def test_mails_that_lie_in_the_folder_are_read_newest_first(tmp_path: Path) -> None:
    for subject in ("First", "Second"):
        mail = EmailMultiAlternatives(subject, f"The {subject} text’s end.", "portal@example.org", ["sam@example.org"])
        mail.attach_alternative("<p>HTML</p>", "text/html")
        mail.connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))
        mail.send()
    mails = newest(tmp_path)
    assert [(mail.to, mail.subject, mail.text) for mail in mails] == [
        ("sam@example.org", "Second", "The Second text’s end."),
        ("sam@example.org", "First", "The First text’s end."),
    ]
    assert all(timedelta(0) <= timezone.now() - mail.sent < timedelta(minutes=1) for mail in mails)


def test_the_demo_shows_what_was_sent(db: None, settings: object, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_FILE_PATH = str(tmp_path)  # type: ignore[attr-defined]
    assert b"No mails yet" in Client().get("/mail/").content

    notice = actions.tell(None, Kind.CODE, at=cast.NOW, address="sam@example.org", secret="ABCD-EFGH")
    actions.deliver(notice.public_id, at=cast.NOW)

    page = Client().get("/mail/").content.decode()
    assert ("Your code: ABCD-EFGH" in page, "sam@example.org" in page) == (True, True)
