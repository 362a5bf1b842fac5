"""Rules about the code itself that no tool of others knows: doors are the only way to rows, logs hold no words.

An exception is a line in a table here, with its reason, to be seen by who reviews it.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FILES = sorted(
    path
    for app in ("portal", "groups", "chat")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)
# The edges translate and call: they reach rows through doors, actions and queries alone.
EDGES = [
    path
    for path in FILES
    if re.search(r"views|consumer|home|ops|protocol|routing|middleware", path.stem) or "views" in path.parts
]
BESIDE_A_DOOR = {
    "chat/ops.py": "the socket's own person, by the id its session was identified with",
}
# Rows fetched in words of our own: each text is a constant, and its values are given apart.
IN_OUR_WORDS = {
    "groups/access.py": "how somebody stands to a group, asked by every page of it",
}
# Text that counts as HTML without being escaped: where, and why it is safe.
MARKED_SAFE = {
    "chat/lines.py": "a message's text, cleaned by chat.text.to_html",
    "groups/resources/queries.py": "a post's text, cleaned by portal.markdown",
    "groups/membership/views/groups.py": "an agreement's text, cleaned by portal.markdown",
    "portal/accounts/fields.py": "the time zones of a select, drawn by its template",
    "portal/accounts/factors/qr.py": "a drawing of our own, by format_html",
    "portal/drawing.py": "what a template has drawn, escaped there",
    "portal/templatetags/ui.py": "the inside of a component, drawn by its template",
    "portal/form_tags.py": "nothing at all",
    "portal/icons.py": "our own drawings, put together by an XML writer",
}
SAFE_IN_TEMPLATES = {
    "ui/_field_words.html": "help texts are ours, and some hold a list",
    "portal/mail/notice.txt": "a mail in plain text; its words are ours",
}
MAY_PRINT = {"portal/supervisor.py", "portal/supervising/beside.py", "portal/supervising/waiting.py"}
# What may stand in a log line: numbers, ids and words of ours.
LOGGED = {"error", "notice", "position", "digest", "flaws", "first", "sends", "exc_info", "limit", "times"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Each call with the dotted words before its bracket."""
    return [(ast.unparse(node.func), node) for node in ast.walk(ast.parse(path.read_text())) if type(node) is ast.Call]


def test_there_are_edges_to_look_at():
    assert len(EDGES) > 15


@pytest.mark.parametrize("path", EDGES, ids=name_of)
@pytest.mark.asvs("8.3.1")
def test_an_edge_reaches_rows_through_doors_alone(path):
    managers = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
    ]
    if name_of(path) in BESIDE_A_DOOR:
        assert set(managers) == {"User.objects"}
    else:
        assert managers == []


def test_no_row_is_fetched_by_words_put_together():
    found = [
        (name_of(path), word, call)
        for path in FILES
        for word, call in calls(path)
        if word.rsplit(".")[-1] in ("raw", "extra", "RawSQL", "eval", "exec")
    ]
    assert {place for place, _, _ in found} == set(IN_OUR_WORDS)
    for place, word, call in found:
        text, values = call.args
        assert word.endswith(".objects.raw"), place
        assert isinstance(text, ast.Name), place
        assert isinstance(values, ast.Dict), place
        whole = ast.parse((ROOT / place).read_text())
        named = {ast.unparse(node.targets[0]): node.value for node in whole.body if isinstance(node, ast.Assign)}
        assert isinstance(named[text.id], ast.Constant), place


def test_what_counts_as_html_is_known():
    found = {
        name_of(path)
        for path in FILES
        for word, _ in calls(path)
        if word.rsplit(".")[-1] in ("mark_safe", "SafeString", "format_html", "format_html_join", "SafeText")
    }
    assert found == set(MARKED_SAFE)


def test_what_a_template_does_not_escape_is_known():
    found = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*.*")
        if re.search(r"\|\s*safe\b|safeseq|autoescape\s+off", path.read_text())
    }
    assert found == set(SAFE_IN_TEMPLATES)


def test_only_what_starts_the_portal_prints():
    assert {name_of(path) for path in FILES for word, _ in calls(path) if word == "print"} <= MAY_PRINT


@pytest.mark.asvs("16.2.5")
def test_a_log_line_holds_numbers_ids_and_words_of_ours():
    logged = set()
    for path in FILES:
        for word, call in calls(path):
            if re.fullmatch(r"(self\.)?_?log(ger)?\.(debug|info|warning|error|exception|critical)", word):
                assert len(call.args) == 1, f"{name_of(path)}: an event and named values"
                assert isinstance(call.args[0], ast.Constant), f"{name_of(path)}: the event is a word of ours"
                logged |= {keyword.arg for keyword in call.keywords}
    assert logged <= LOGGED


def test_the_database_is_asked_on_threads_of_our_own_only():
    """Channels' helpers share one thread, and asyncio's never give a connection back (chat.threads does both right)."""
    banned = ("sync_to_async", "database_sync_to_async", "async_to_sync", "to_thread", "run_in_executor")
    found = {name_of(path) for path in FILES for word, _ in calls(path) if word.rsplit(".")[-1] in banned}
    # A copy is sent on its request's own thread, which gives the connection back after each piece.
    assert found <= {"chat/threads.py", "portal/accounts/copy_views.py"}


def test_an_import_within_a_function_says_why():
    lines = [(name_of(path), line) for path in FILES for line in path.read_text().splitlines() if "PLC0415" in line]
    assert [place for place, line in lines if not re.search(r"PLC0415 \(.+\)", line)] == []
