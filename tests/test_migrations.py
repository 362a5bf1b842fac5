"""Every migration of ours goes up and down on a filled database, and leaves it as it found it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from portal.demo.build import build

OURS = ("portal", "groups", "chat")
FILES = sorted(path for app in OURS for path in (settings.BASE_DIR / app / "migrations").glob("[0-9]*.py"))
MADE_UP_BY_A_TOOL = re.compile(r"auto_\d|_and_more|^\d{4}_(initial|alter|remove|rename|delete)_?")
SCHEMA = {
    "column": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
    " FROM information_schema.columns WHERE table_schema = current_schema()",
    "constraint": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'",
    # What a lone unique column is called depends on whether it was made so or became so.
    "index": "SELECT tablename, regexp_replace(indexdef, '\\w+_(key|[0-9a-f]{8}_uniq) ON', 'ON') FROM pg_indexes"
    " WHERE schemaname = current_schema()",
    "trigger": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
    " WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]} {file.stem}")
def test_a_migration_says_what_it_does_and_stands_alone(file: Path) -> None:
    assert not MADE_UP_BY_A_TOOL.search(file.stem)
    imported = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
    assert imported.isdisjoint(OURS)


@pytest.mark.parametrize("app", OURS)
def test_the_numbers_leave_no_gap(app: str) -> None:
    numbers = [int(file.stem[:4]) for file in FILES if file.parts[-3] == app]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.fixture
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database beside the one of the tests, with the demo community in it."""
    usual = connection.settings_dict["NAME"]
    spare = f"{usual}_stairs"
    with django_db_blocker.unblock():
        try:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{spare}"')
                cursor.execute(f'CREATE DATABASE "{spare}"')
            connection.close()
            connection.settings_dict["NAME"] = spare
            call_command("migrate", verbosity=0)
            assert build(now=timezone.now(), password="a long quiet password")
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{spare}"')


# Steps that end, going down, what they began, with the rows in it.
TAKE_ALONG = {
    "chat 0009_back_rooms": {
        *("chat_room", "chat_message", "chat_change", "chat_reaction", "chat_picture", "chat_mention", "chat_readmark")
    }
}


@pytest.mark.slow
def test_every_step_goes_down_and_up_on_a_filled_database(filled: None) -> None:
    whole = schema()
    for app, name, before in reversed(steps()):
        above, rows = schema(), counts()
        assert rows["portal_user"] > 40

        go(app, before)
        assert app_is_at(app, before)
        gone = TAKE_ALONG.get(f"{app} {name}", set())
        kept = {table: number for table, number in counts().items() if table not in gone}
        assert kept == {table: rows[table] for table in kept}, f"{app} {name} takes rows of other tables away"
        go(app, name)
        assert differences(above, schema()) == {}, f"{app} {name}"
        assert {table: number for table, number in counts().items() if table in kept} == kept

        go(app, before)

    assert [table for table in counts() if is_ours(table)] == []
    call_command("migrate", verbosity=0)
    assert differences(whole, schema()) == {}
    assert build(now=timezone.now(), password="a long quiet password")


def steps() -> list[tuple[str, str, str | None]]:
    """(app, migration, the one before it in the app) in the order they go up."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    ours = [(migration.app_label, migration.name) for migration, _ in plan if migration.app_label in OURS]
    last: dict[str, str] = {}
    found = []
    for app, name in ours:
        found.append((app, name, last.get(app)))
        last[app] = name
    return found


def go(app: str, name: str | None) -> None:
    """To this migration of the app; nothing at all of it for None."""
    MigrationExecutor(connection).migrate([(app, name)])  # type: ignore[list-item]


def app_is_at(app: str, name: str | None) -> bool:
    applied = {key[1] for key in MigrationLoader(connection).applied_migrations or {} if key[0] == app}
    return max(applied, default=None) == name


def counts() -> dict[str, int]:
    """Rows by table."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"})
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (our own tables)
            found[table] = cursor.fetchone()[0]
    return found


def is_ours(table: str) -> bool:
    return table.startswith(tuple(f"{app}_" for app in OURS))


def schema() -> dict[str, set[tuple]]:
    """What the database is made of, as far as it is ours: going back to nothing takes along what others built on it."""
    with connection.cursor() as cursor:
        found = {}
        for kind, question in SCHEMA.items():
            cursor.execute(question)
            found[kind] = {row for row in cursor.fetchall() if kind == "function" or is_ours(row[0])}
    return found


def differences(one: dict[str, set[tuple]], other: dict[str, set[tuple]]) -> dict[str, set[tuple]]:
    return {kind: one[kind] ^ other[kind] for kind in one if one[kind] != other[kind]}
