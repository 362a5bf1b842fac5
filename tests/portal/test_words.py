"""Every word on every page: plain, kind, short, and neutral where others could see it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

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


NOT_FOR_PEOPLE = {"migrations", "demo", "supervising", "settings.py"}
CODE = [path for app in ("portal", "groups", "chat") for path in sorted(Path(app).rglob("*.py"))]
SENTENCE = re.compile(r"[A-Z“][\w’']*,? (?!\|)")  # and no annotation
QUOTED = re.compile(r'"([A-Z][^"\n]* [^"\n]*)"')


def told(path: Path) -> Iterator[str]:
    """The sentences a module says: what is refused and why, what was done, the labels of fields. No docstrings."""
    if path.suffix == ".js":
        said = QUOTED.findall(path.read_text())
    else:
        tree = ast.parse(path.read_text())
        bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
        docstrings = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
        constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings]
        said = [one.value for one in constants if isinstance(one.value, str) and SENTENCE.match(one.value)]
    for words in said:
        yield from re.split(r"(?<=[.?!:])\s", words)


def offenders(paths: list[Path], found_in: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """The pages where something is found that should not be there, and what it is."""
    return {str(path.relative_to(TEMPLATES)): found for path in paths if (found := found_in(path))}


def test_no_page_says_what_we_never_say() -> None:
    assert offenders(ALL, lambda path: [sentence for sentence in spoken(path) if NEVER.search(sentence)]) == {}


def test_no_sentence_is_too_long_for_a_tired_reader() -> None:
    assert offenders(ALL, lambda path: [said for said in spoken(path) if len(said.split()) > LONGEST]) == {}


def test_what_the_portal_answers_is_as_plain_as_its_pages() -> None:
    paths = [path for path in [*CODE, *Path("static/js").rglob("*.js")] if not NOT_FOR_PEOPLE & set(path.parts)]
    said = [(str(path), sentence) for path in paths for sentence in told(path)]
    assert len(said) > 300
    assert [one for one in said if NEVER.search(one[1]) or len(one[1].split()) > LONGEST] == []


def test_titles_name_nobody_and_nothing() -> None:
    def named(path: Path) -> list[str]:
        titles = re.findall(r"\{% block (?:head_)?title %\}(.*?)\{% endblock", path.read_text(), re.DOTALL)
        shown = [found for title in titles for found in re.findall(r"\{\{\s*([\w.]+)", title)]
        return [variable for variable in shown if variable not in ("site.neutral_name", "block.super")]

    assert offenders(PAGES, named) == {}


def test_no_page_carries_a_script_or_a_style_of_its_own() -> None:
    def carried(path: Path) -> list[str]:
        source = re.sub(r"\{%.*?%\}", "", COMMENT.sub("", path.read_text()))
        inline = re.findall(r"<style\b|\sstyle=|\son\w+=\"|javascript:", source)
        return inline + [tag for tag in re.findall(r"<script\b[^>]*>", source) if "src=" not in tag]

    assert offenders([page for page in PAGES if page.parent != MAILS], carried) == {}


def test_no_page_asks_another_site_for_anything() -> None:
    asks = r"(?:src|srcset|poster)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//"

    assert offenders(PAGES, lambda path: re.findall(asks, path.read_text())) == {}
