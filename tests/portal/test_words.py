"""Every word on every page: plain, kind, short, and neutral where others could see it."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path("templates")
PAGES = sorted(TEMPLATES.rglob("*.html"))
MAILS = TEMPLATES / "portal/mail"  # mail programs read no style sheet: only there styles stand in the page
ALL = sorted([*PAGES, *TEMPLATES.rglob("*.txt")])

NEVER = re.compile(r"\b(invalid\w*|forbidden|fail(?:ed|s|ure|ures)?|users?|submit\w*|mentally ill)\b", re.IGNORECASE)
LONGEST = 25  # words

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
SPOKEN_ARGUMENT = re.compile(r"\b(?:title|lead|label|back_label|meta|caption|unit)=(\"[^\"]*\"|'[^']*')")
SPOKEN_FIRST = re.compile(r"\{%\s*(?:button|link_button|badge|page_header)\s+(\"[^\"]*\"|'[^']*')")
SPOKEN_ATTRIBUTE = re.compile(r"<[^>]*?\b(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"")
BLOCK_TAG = re.compile(
    r"</?(?:p|h\d|li|ul|ol|div|section|td|th|tr|dt|dd|header|footer|summary|label|legend|br)\b[^>]*>"
)


def spoken(path: Path) -> list[str]:
    """The sentences a person reads or hears: the text, and the words given to tags and attributes."""
    source = COMMENT.sub("", path.read_text())
    said = [found[1:-1] for found in SPOKEN_ARGUMENT.findall(source) + SPOKEN_FIRST.findall(source)]
    said += SPOKEN_ATTRIBUTE.findall(source)
    text = re.sub(r"\{\{.*?\}\}", "something", source)
    text = re.sub(r"\{%.*?%\}", "\n", text, flags=re.DOTALL)
    text = BLOCK_TAG.sub("\n", text)
    said.append(re.sub(r"<[^>]*>", "", text, flags=re.DOTALL))
    return [" ".join(sentence.split()) for words in said for sentence in re.split(r"(?<=[.?!:])\s|\n\s*\n|\n", words)]


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_no_page_says_what_we_never_say(path: Path) -> None:
    assert [sentence for sentence in spoken(path) if NEVER.search(sentence)] == []


@pytest.mark.parametrize("path", ALL, ids=name)
def test_no_sentence_is_too_long_for_a_tired_reader(path: Path) -> None:
    assert [sentence for sentence in spoken(path) if len(sentence.split()) > LONGEST] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_titles_name_nobody_and_nothing(path: Path) -> None:
    titles = re.findall(r"\{% block (?:head_)?title %\}(.*?)\{% endblock", path.read_text(), re.DOTALL)
    shown = [found for title in titles for found in re.findall(r"\{\{\s*([\w.]+)", title)]
    assert [variable for variable in shown if variable not in ("site.neutral_name", "block.super")] == []


@pytest.mark.parametrize("path", [page for page in PAGES if page.parent != MAILS], ids=name)
def test_no_page_carries_a_script_or_a_style_of_its_own(path: Path) -> None:
    source = re.sub(r"\{%.*?%\}", "", COMMENT.sub("", path.read_text()))
    assert re.findall(r"<style\b|\sstyle=|\son\w+=\"|javascript:", source) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", source) if "src=" not in tag] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_page_asks_another_site_for_anything(path: Path) -> None:
    assert re.findall(r"(?:src|srcset|poster)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//", path.read_text()) == []
