"""How mails look: the kit's colours, nothing loaded from anywhere, and the same words with and without HTML."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from portal.notifications.kinds import Kind, words_for
from portal.notifications.mail import compose

SECRET = "ABCD-1234"


def parts(kind: Kind) -> tuple[str, str]:
    """A mail as text and as HTML."""
    words = words_for(kind)
    mail = compose(words, "sam@example.org", secret=SECRET if words.secret_is else "")
    return mail.body, mail.alternatives[0][0]


def words_in(text: str) -> list[str]:
    return unescape(re.sub(r"<[^>]*>", " ", text)).split()


@pytest.mark.parametrize("kind", Kind)
def test_both_parts_say_the_same(kind: Kind) -> None:
    text, html = parts(kind)
    body = html.partition("<body")[2]
    link = re.search(r'href="([^"]+)"', body)
    if link is not None:
        text = text.replace(f": {link[1]}", "")
    assert words_in("<body" + body) == words_in(text)


@pytest.mark.parametrize("kind", Kind)
def test_a_mail_has_one_link_at_most_and_it_leads_to_this_portal(kind: Kind) -> None:
    text, html = parts(kind)
    links = re.findall(r'(?:href|src|background)="([^"]*)"', html)
    assert links == re.findall(r"https?://\S+", text)
    assert len(links) == (0 if words_for(kind).secret_is == "code" else 1)
    assert all(link.startswith(f"{settings.SITE_URL}/") for link in links)


OPEN = (
    "/",
    "/me/data/",
    "/account/login/",
    "/account/password/reset/",
    f"/invitations/{SECRET}/",
    f"/address/{SECRET}/",
)


@pytest.mark.parametrize("kind", Kind)
def test_a_link_names_nothing(kind: Kind) -> None:
    for link in re.findall(r'href="([^"]*)"', parts(kind)[1]):
        assert link.removeprefix(settings.SITE_URL) in OPEN


def test_colours_are_the_kits() -> None:
    kit = Path("static/css/tokens.css").read_text()
    used = set(re.findall(r"#[0-9a-f]{6}\b", Path("templates/portal/mail/notice.html").read_text()))
    assert used
    assert [colour for colour in sorted(used) if colour not in kit] == []


def test_tables_are_layout_and_say_so_to_screen_readers() -> None:
    html = parts(Kind.CODE)[1] + parts(Kind.ACCOUNT_APPROVED)[1]
    tables = re.findall(r"<table[^>]*>", html)
    assert tables == [table for table in tables if 'role="presentation"' in table]
