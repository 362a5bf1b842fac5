"""A notice becomes one mail, after the deed has committed, and leaves nothing behind but when it went."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.accounts.models import Standing, User
from portal.errors import NotFound
from portal.notifications import actions
from portal.notifications.kinds import Kind, words_for
from portal.notifications.models import Notice
from tests import cast
from tests.portal.notifications.worker import run_jobs


def test_a_person_who_is_told_gets_one_mail(sam: User) -> None:
    notice = actions.tell(sam, Kind.REQUEST_APPROVED, at=cast.NOW)
    assert mail.outbox == []

    actions.deliver(notice.public_id, at=cast.NOW)

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([sam.email], "You have an update")
    notice.refresh_from_db()
    assert notice.sent_at == cast.NOW


def test_the_job_sends_it(sam: User) -> None:
    actions.tell(sam, Kind.ACCOUNT_APPROVED, at=datetime.now(tz=cast.CLINIC))

    assert run_jobs() == 1
    assert [sent.subject for sent in mail.outbox] == ["Your account is ready"]


def test_running_the_job_again_sends_nothing_more(sam: User) -> None:
    notice = actions.tell(sam, Kind.REQUEST_APPROVED, at=cast.NOW)
    for _ in range(3):
        actions.deliver(notice.public_id, at=cast.NOW)

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_taken_back_tells_nobody() -> None:
    sam = cast.person("Sam")
    with transaction.atomic():
        actions.tell(sam, Kind.REQUEST_APPROVED, at=cast.NOW)
        transaction.set_rollback(True)

    assert (Notice.objects.count(), ProcrastinateJob.objects.filter(status="todo").count()) == (0, 0)


def test_a_code_is_sealed_until_it_has_gone_and_then_forgotten(db: None) -> None:
    notice = actions.tell(None, Kind.CODE, at=cast.NOW, address="new@example.org", secret="ABCD-1234")
    assert "ABCD" not in notice.secret
    assert "ABCD" not in str(ProcrastinateJob.objects.latest("pk").args)

    actions.deliver(notice.public_id, at=cast.NOW)

    assert "ABCD-1234" in mail.outbox[0].body
    assert "ABCD-1234" in mail.outbox[0].alternatives[0][0]
    notice.refresh_from_db()
    assert (notice.secret, notice.address) == ("", "")


def test_a_code_that_comes_too_late_is_not_sent(db: None) -> None:
    notice = actions.tell(None, Kind.CODE, at=cast.NOW, address="new@example.org", secret="ABCD-1234")

    actions.deliver(notice.public_id, at=cast.NOW + timedelta(minutes=16))

    assert mail.outbox == []
    notice.refresh_from_db()
    assert (notice.sent_at, notice.secret, notice.address) == (None, "", "")
    assert notice.dropped_at is not None


def test_who_was_deactivated_is_not_told(db: None) -> None:
    gone = cast.person("Gone", standing=Standing.DEACTIVATED)
    notice = actions.tell(gone, Kind.REQUEST_APPROVED, at=cast.NOW)

    actions.deliver(notice.public_id, at=cast.NOW)

    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_tried_again_without_naming_anybody(
    sam: User, settings: object, tmp_path: object
) -> None:
    notice = actions.tell(sam, Kind.REQUEST_APPROVED, at=cast.NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1  # type: ignore[attr-defined]

    with pytest.raises(actions.MailNotSent) as refusal:
        actions.deliver(notice.public_id, at=cast.NOW)
    assert str(refusal.value) == ""
    notice.refresh_from_db()
    assert not notice.is_done

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    actions.deliver(notice.public_id, at=cast.NOW)
    assert len(mail.outbox) == 1


def test_an_unknown_notice_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        actions.deliver(cast.nobody(), at=cast.NOW)


REVEALING = (
    *("ketamine", "spravato", "infusion", "depression", "ptsd", "clinic", "treatment", "therapy", "health", "patient"),
    *("group", "pathways", "harbor", "facilitator", "session", "member"),
)


@pytest.mark.parametrize("kind", Kind)
def test_no_mail_says_what_the_portal_is_about(kind: Kind, sam: User) -> None:
    notice = actions.tell(sam, kind, at=cast.NOW, secret="S3CRET" if words_for(kind).secret_is else "")
    actions.deliver(notice.public_id, at=cast.NOW)

    [sent] = mail.outbox
    html = sent.alternatives[0][0]
    for text in (sent.subject, sent.body, html, str(sent.from_email), str(sent.message()["From"])):
        for word in [*REVEALING, sam.display_name.lower() + " ", sam.legal_name.lower()]:
            assert word not in text.lower().replace("127.0.0.1", "")
    assert html.count("http") == sent.body.count("http")
    for outside in ("<img", "<style", "url(", "<script", "<link", "src="):
        assert outside not in html
