"""What a person wrote in Markdown becomes HTML that is safe to show. Pure: text in, text out.

Two walls, neither trusting the other. markdown-it lets no HTML through and makes no link of an address it does not
know; nh3 then parses what came out and keeps only what stands on the list below.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
TEXT = {"blockquote", "br", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "ul"}
WORDS = {"a", "code", "em", "s", "strong"}
TABLE = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = TEXT | WORDS | TABLE
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "ol": {"start"}, "*": set()}
FIRST_HEADING, LAST_HEADING = 2, 4  # the page's own h1 is the post's title


def to_html(text: str) -> str:
    """Safe HTML of the text. Headings begin at h2 and never skip a level, whatever the author typed."""
    tokens = _reader.parse(text.encode("utf-8", "replace").decode())  # half a character has no place in a page
    _set_headings(tokens)
    return nh3.clean(
        _reader.renderer.render(tokens, _reader.options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def words_in(text: str) -> int:
    """About how many words there are to read."""
    return len(text.split())


def _set_headings(tokens: Sequence[Token]) -> None:
    """Give each heading its place in the outline. A screen reader's list of headings has no holes."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1:])
            while above and above[-1] >= typed:
                above.pop()
            above.append(typed)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(FIRST_HEADING + len(above) - 1, LAST_HEADING)}"


def _may_link(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:  # an address nobody can read, such as http://[
        return False


def _make_reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": True, "typographer": True})
    reader.enable(["linkify", "table", "strikethrough", "replacements", "smartquotes"])
    reader.disable(["image", "html_block", "html_inline"])  # pictures would be loaded from elsewhere
    reader.validateLink = _may_link  # type: ignore[method-assign]
    return reader


_reader = _make_reader()
