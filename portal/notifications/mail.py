"""From words to a mail: text and simple HTML, nothing loaded, nothing tracked."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.notifications.kinds import Words


def compose(words: Words, to: str, *, secret: str = "") -> EmailMultiAlternatives:
    """One mail to one address. Its button leads to a page that names nothing."""
    in_address = [secret] if words.secret_is == "token" else []  # noqa: S105 (a kind of secret, not one)
    context = {
        "words": words,
        "code": secret if words.secret_is == "code" else "",  # noqa: S105
        "link": settings.SITE_URL + reverse(words.route, args=in_address),
        "neutral_name": settings.NEUTRAL_NAME,
    }
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=render_to_string("portal/mail/notice.txt", context),
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("portal/mail/notice.html", context), "text/html")
    return mail
