"""What lets the tests be quick without proving less: work that no test looks at is left out, or done once.

bin/test --all tries the properties of hypothesis with many more examples.
"""

import gc
import os
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.db import IntegrityError, OperationalError, connection, transaction
from django.template import Context, Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.test.utils import _TestState
from django.utils.safestring import SafeString
from hypothesis import settings as hypothesis_settings
from qrcode import QRCode
from whitenoise.base import WhiteNoise
from xdist.scheduler import LoadScopeScheduling

HASHING = ("time_cost", "memory_cost", "parallelism")
IN_EARNEST: dict[str, int] = {}  # what a password costs outside the tests

REAL_SERVERS = "real servers"

# What takes longest goes first, so that no worker is left alone with it at the end. Those that mostly wait come early.
LONGEST_FIRST = (
    "tests/portal/test_supervisor.py",
    REAL_SERVERS,
    "tests/test_permissions.py",
    "tests/portal/test_embedded.py",
    "tests/groups/test_access.py",
    "tests/portal/test_demo.py",
)


def configure(config: pytest.Config) -> None:
    """Before any test is read."""
    hypothesis_settings.register_profile("quick", deadline=None, max_examples=25)  # speed is measured by bin/bench
    hypothesis_settings.register_profile("long", deadline=None, max_examples=1500)
    hypothesis_settings.load_profile("quick" if config.getoption("markexpr") else "long")
    hasher = type(get_hasher())
    for name in HASHING:
        IN_EARNEST[name] = getattr(hasher, name)
        setattr(hasher, name, 8 if name == "memory_cost" else 1)
    QRCode.best_mask_pattern = lambda _: 0  # every reader takes any; finding the prettiest is 9/10 of the drawing
    TransactionTestCase._fixture_teardown = lambda _: empty_tables()
    TransactionTestCase._should_reload_connections = lambda _: connection.errors_occurred  # a new link costs 10 ms


def run_and_tell(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """pytest's own way to run a test, which tells the process that gathers the results one thing of it instead of
    five, unless there is more to say."""
    whole = item.config.option.durations is not None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if whole or report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)


def watch_pages_only() -> None:
    """Django's test set-up copies the whole context for every part of a page; `response.context` needs the page's."""
    inside = threading.local()
    render = _TestState.saved_data.template_render

    def render_watched(template: Template, context: Context) -> SafeString:
        if getattr(inside, "a_page", False):
            return render(template, context)
        inside.a_page = True
        try:
            template_rendered.send(sender=template, template=template, context=context)
            return render(template, context)
        finally:
            inside.a_page = False

    Template._render = render_watched


def look_at_static_files_once() -> None:
    """Every new browser of a test makes the middleware anew, and WhiteNoise then looks at each static file again."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    update = WhiteNoise.update_files_dictionary

    def update_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            before = set(self.files)
            update(self, root, prefix)
            found[root, prefix] = {url: file for url, file in self.files.items() if url not in before}
        self.files.update(found[root, prefix])

    WhiteNoise.update_files_dictionary = update_once


def keep_what_was_read() -> None:
    """The modules and the collected tests stay to the end: the garbage collector need not look at them."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def empty_tables() -> None:
    """What a test with real transactions wrote is gone. Only tables that hold something are touched, and Django is not
    asked to fill in its content types anew: both take longer than most tests."""
    for attempt in range(5):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_filled())
                cursor.execute("; ".join(_emptying([table for (table,) in cursor.fetchall()])))
        except (IntegrityError, OperationalError):  # a real server still finished something about these rows
            if attempt == 4:
                raise
        else:
            return


@cache
def _tables() -> Sequence[str]:
    kept = ("django_migrations", "django_content_type", "auth_permission")
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [table for (table,) in cursor.fetchall() if table not in kept]


@cache
def _filled() -> str:
    return " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in _tables())  # noqa: S608


def _emptying(filled: Sequence[str]) -> list[str]:
    """Tables that keep their rows are asked to look away meanwhile: a TRUNCATE would take thirty times as long."""
    kept = [table for table in filled if table in _with_a_say_in_deleting()]
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in kept),
        *(f"DELETE FROM {table}" for table in filled),  # noqa: S608 (the catalogue's own names)
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in kept),
    ]


@cache
def _with_a_say_in_deleting() -> frozenset[str]:
    """Tables with a trigger of ours, or of the queue's, on DELETE: such as the audit log, which lets nothing go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgtype & 8 <> 0"
        )
        return frozenset(table for (table,) in cursor.fetchall())


class Together(LoadScopeScheduling):
    """A module stays on one worker, which makes its world once; so do all tests that talk to real servers."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # by LONGEST_FIRST instead

        self._served: frozenset[str] = frozenset()

    def schedule(self) -> None:
        self._served = frozenset(_list_of_served().read_text().splitlines())
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid, served=nodeid in self._served)


def scope(nodeid: str, *, served: bool) -> str:
    """What stays together with this test."""
    return REAL_SERVERS if served else nodeid.partition("::")[0]


def is_served(item: pytest.Item) -> bool:
    return "servers" in getattr(item, "fixturenames", ())


def list_the_served(items: list[pytest.Item]) -> None:
    """The scheduler, in another process, knows tests by their names alone. Every worker writes the same list."""
    draft = _list_of_served().with_suffix(f".{os.getpid()}")
    draft.write_text("\n".join(item.nodeid for item in items if is_served(item)))
    draft.rename(_list_of_served())


def _list_of_served() -> Path:
    return settings.DATA_DIR / "tests-with-servers"


def longest_first(items: list[pytest.Item]) -> None:
    """Sort the tests for the workers; what belongs together keeps its order."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(scope(item.nodeid, served=is_served(item)), len(places)))
