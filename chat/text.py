"""What a person typed, made fit to keep and safe to show. Pure: text in, text out.

Two walls, neither trusting the other: markdown-it reads emphasis, lists and links and lets no HTML through; nh3 then
parses what came out and keeps only what stands on the list.
"""

import re

import nh3
from django.conf import settings
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt

from portal.errors import Refusal

TAGS = {"a", "br", "em", "li", "ol", "p", "strong", "ul"}
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "ol": {"start"}}
EXCERPT = 120  # characters of a message quoted in a reply


class NothingToSend(Refusal):
    code, message = "empty", "There is nothing to send yet. Write a few words first."


class TooLong(Refusal):
    code = "too_long"
    message = "This message is too long. Please make it shorter, or send it in two parts."


class OddCharacters(Refusal):
    code = "odd_characters"
    message = "Part of this message could not be read. Please type it again, without pasting."


def fit(text: str) -> str:
    """The text as it is kept. Raises NothingToSend, TooLong or OddCharacters."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not body:
        raise NothingToSend
    if len(body) > settings.CHAT["BODY"]:
        raise TooLong
    if "\x00" in body or not _is_whole(body):
        raise OddCharacters
    return body


def to_html(body: str) -> str:
    """Safe HTML of a message; the same in the page and in a frame."""
    if _PLAIN.fullmatch(body):
        return "<p>" + body.replace("\n", "<br>\n") + "</p>\n"
    return read_fully(body)


def read_fully(body: str) -> str:
    """The long way round, which `to_html` spares texts that hold nothing but words."""
    return nh3.clean(
        _reader.render(body),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def excerpt(body: str) -> str:
    """The beginning of a message, on one line."""
    line = " ".join(body.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def _is_whole(body: str) -> bool:
    """Whether it is text at all: half of a surrogate pair is none."""
    try:
        body.encode()
    except UnicodeEncodeError:
        return False
    return True


# Lines of words only: nothing that begins a list, an emphasis, a link or an escape, and no air at a line's edges.
_WORDS = r"(?![-+\s]|\d+[.)])(?:(?![*_\[\]<>&\\\x00-\x1f\x7f-\xa0]|https?://).)+(?<!\s)"
_PLAIN = re.compile(rf"{_WORDS}(?:\n{_WORDS})*", re.IGNORECASE)


def _may_link(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _make_reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True})
    reader.enable(["list", "emphasis", "link", "linkify", "newline", "escape"])
    # Whole addresses only: a bare "name.com" or an e-mail address is left as the words it is.
    reader.linkify = LinkifyIt({"ftp:": None, "mailto:": None, "//": None}, {"fuzzy_link": False, "fuzzy_email": False})
    reader.validateLink = _may_link  # type: ignore[method-assign]
    return reader


_reader = _make_reader()
