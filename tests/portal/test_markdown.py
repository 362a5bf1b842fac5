"""Whatever somebody types, the page stays safe and readable."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.markdown import ATTRIBUTES, SCHEMES, TAGS, to_html


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch(r"h[1-6]", tag)]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/account/logout/)",
    "[x](?a=b)",
    "[x](#y)",
    "[x](http://[)",
    '[x](http://a"onmouseover=alert(1)//)',
    "[x](<http://a b> \"t' onclick='y\")",
    "<javascript:alert(1)>",
    "<http://ok.example/\"onx='>",
    "![x](http://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    '[a]: http://evil.example "\'><script>"\n\n[a]',
    '```"onload=alert(1)\nx\n```',
    "&lt;script&gt;",
    "&#60;script&#62;",
    "</p></div></main><h1>",
    "<!-- x -->",
    "<![CDATA[ x ]]>",
    "<?php x ?>",
    "<!DOCTYPE html>",
    "<style>*{display:none}</style>",
    "<form action=//evil.example><button>",
    "<math><mtext></p><style><img src onerror=x>",
    "|a|\n|:-:|\n|<b>|",
    "http://evil.example/<script>",
    "www.example.org",
    "me@example.org",
    "\x00",
    "\u202e",
    "\ud800",
]
texts = st.text(max_size=300) | st.lists(
    st.sampled_from([*HOSTILE, "# ", "## ", "#### ", "\n", "\n\n", "> ", "- ", "1. ", "**", "_", "`", "~~", "word "]),
    max_size=12,
).map("".join)


@given(texts)
@example("".join(HOSTILE))
def test_nothing_but_the_list_comes_out(text):
    for tag, attrs in Page(to_html(text)).tags:
        assert tag in TAGS
        assert set(attrs) <= ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        if tag == "a":
            assert attrs["rel"] == "noopener noreferrer nofollow"
            assert "href" not in attrs or attrs["href"].split(":")[0].lower() in SCHEMES


@pytest.mark.parametrize("text", HOSTILE)
def test_no_single_trick_makes_a_way_out(text):
    html = to_html(text)

    assert re.findall(r"<(?:script|img|svg|style|form|h1|math|!|\?)", html) == []
    assert [tag for tag, attrs in Page(html).tags if "script:" in attrs.get("href", "").lower()] == []


@given(texts)
def test_headings_begin_at_two_and_never_skip_a_level(text):
    levels = Page(to_html(text)).headings

    assert levels[:1] in ([], [2])
    assert all(2 <= level <= 4 for level in levels)
    assert all(after <= before + 1 for before, after in pairwise(levels))


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=12), min_size=1, max_size=30))
def test_plain_words_come_through(words):
    assert Page(to_html(" ".join(words))).words.split() == words


@given(texts)
def test_the_same_text_always_gives_the_same_page(text):
    assert to_html(text) == to_html(text)


def test_an_article_reads_like_one():
    text = '## The day before\n\nAsk **anything**. It\'s "fine" -- see www.example.org, or [call](tel:988).\n\n1. One\n'

    assert to_html(text) == (
        "<h2>The day before</h2>\n"
        "<p>Ask <strong>anything</strong>. It’s “fine” – see "
        '<a href="http://www.example.org" rel="noopener noreferrer nofollow">www.example.org</a>, or '
        '<a href="tel:988" rel="noopener noreferrer nofollow">call</a>.</p>\n'
        "<ol>\n<li>One</li>\n</ol>\n"
    )


def test_html_is_shown_as_it_was_typed():
    assert to_html("a <b>bold</b> word") == "<p>a &lt;b&gt;bold&lt;/b&gt; word</p>\n"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# a\n## b\n### c\n#### d", [2, 3, 4, 4]),
        ("## a\n## b", [2, 2]),
        ("#### a\n# b\n### c", [2, 2, 3]),
        ("a\n===\nb\n---", [2, 3]),
    ],
)
def test_the_outline_follows_what_was_meant(typed, shown):
    assert Page(to_html(typed)).headings == shown


@pytest.mark.parametrize("piece", ["[", "*a ", "> ", "`", "](", "<", "&", "- ", "http://", "a@", "'\"", "~~a", "a**b"])
def test_a_long_nasty_text_does_not_hold_the_page_up(piece):
    text = (piece * 20_000)[:20_000]

    assert len(to_html(text)) >= 0
