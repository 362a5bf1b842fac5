"""Telling people: a row and a job in the deed's own transaction, and one mail once that has committed."""

from datetime import datetime
from smtplib import SMTPException
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.db import transaction
from procrastinate.contrib.django import app as jobs

from portal.errors import NotFound
from portal.notifications.kinds import UPDATE, Kind, words_for
from portal.notifications.mail import compose
from portal.notifications.models import Notice
from portal.sealing import Unreadable, seal, unseal

if TYPE_CHECKING:
    from portal.accounts.models import User

log = structlog.get_logger()


class MailNotSent(Exception):
    """The mail server did not take it. Says nothing more: its own words name addresses."""


def tell(person: "User | None", kind: Kind, *, at: datetime, address: str = "", secret: str = "") -> Notice:
    """Tell a person by mail, once the caller's transaction has committed.

    An address of its own is for who has no account yet. A code or token is kept sealed until the mail has gone; the
    job names only the notice, so nothing secret stands in the queue or its log.
    """
    notice = Notice.objects.create(
        kind=kind, person=person, address=address, secret=seal(secret) if secret else "", created_at=at
    )
    jobs.configure_task("portal.notifications.jobs.send_notice").defer(notice_id=str(notice.public_id))
    return notice


@transaction.atomic(durable=True)
def deliver(notice_id: UUID, *, at: datetime) -> Notice:
    """Send a notice's mail, unless it has gone already. Raises MailNotSent, and may then be tried again."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("person").filter(public_id=notice_id).first()
    if notice is None:
        raise NotFound
    if notice.is_done:
        return notice

    to = _address_of(notice)
    if to and at - notice.created_at <= words_for(notice.kind).useful_for and _send(notice, to):
        notice.sent_at = at
    else:
        notice.dropped_at = at
    notice.address = notice.secret = ""
    notice.save(update_fields=["sent_at", "dropped_at", "address", "secret"])
    return notice


def _address_of(notice: Notice) -> str:
    if notice.address:
        return notice.address
    person = notice.person
    if (
        person is not None
        and person.is_active
        and not (person.has_paused_themselves and words_for(notice.kind) is UPDATE)
    ):
        return person.email  # who is away hears of their account, and of nothing else
    return ""


def _send(notice: Notice, to: str) -> bool:
    try:
        secret = unseal(notice.secret) if notice.secret else ""
    except Unreadable:
        log.warning("notice.unreadable", notice=str(notice.public_id))
        return False
    try:
        compose(words_for(notice.kind), to, secret=secret).send()
    except (SMTPException, OSError) as error:
        log.warning("mail.not_sent", notice=str(notice.public_id), error=type(error).__name__)
        raise MailNotSent from None
    return True
