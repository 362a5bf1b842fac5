"""What people type is kept as they typed it, and shown as nothing more than words, lists, emphasis and links."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat import text

REL = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hello all", "<p>Hello all</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("*soft* and **strong**", "<p><em>soft</em> and <strong>strong</strong></p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("[here](https://example.org/a)", f'<p><a href="https://example.org/a" {REL}>here</a></p>\n'),
        ("see https://example.org", f'<p>see <a href="https://example.org" {REL}>https://example.org</a></p>\n'),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# not a heading", "<p># not a heading</p>\n"),
        ("me@example.org or name.com", "<p>me@example.org or name.com</p>\n"),
    ],
)
def test_what_is_typed_and_what_is_shown(typed, shown):
    assert text.to_html(typed) == shown


words = st.text(alphabet=st.sampled_from("ab Zé1.,;:!?'\"’()#+-=/~`|\n\t😀\xa0​*_[]<>&\\"), max_size=40)


@given(words)
@example("a\n- b")
@example("1) x")
@example("mailto:a@b.c")
@example("//example.org")
@example("HTTP://example.org")
def test_the_short_way_says_what_the_long_way_says(typed):
    try:
        body = text.fit(typed)
    except text.NothingToSend:
        return
    assert text.to_html(body) == text.read_fully(body)


@given(st.text(max_size=200))
def test_nothing_but_the_list_comes_out(typed):
    import re

    html = text.read_fully(typed.encode("utf-8", "replace").decode())
    for tag in re.findall(r"</?([a-zA-Z0-9]+)", html):
        assert tag in text.TAGS


def test_what_cannot_be_kept_is_refused_in_words():
    for typed, refusal in [
        ("  \n ", text.NothingToSend),
        ("a" * 4001, text.TooLong),
        ("a\x00b", text.OddCharacters),
        ("a\ud800b", text.OddCharacters),
    ]:
        with pytest.raises(refusal) as refused:
            text.fit(typed)
        assert refused.value.message.endswith(".")
    assert text.fit(" " + "a" * 4000 + "\r\n") == "a" * 4000


def test_a_quote_is_short():
    assert text.excerpt("one\n\ntwo") == "one two"
    assert len(text.excerpt("word " * 100)) <= text.EXCERPT
