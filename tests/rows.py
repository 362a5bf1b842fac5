"""Rows written as they are, several in one question to the database: what most of the tests' worlds are made of."""

from functools import cache
from typing import Any

from django.db import connection, models


def write(*rows: models.Model, once: type[models.Model] | None = None) -> None:
    """Insert them in this order. A later row may name an earlier one, which has no id yet; no two are of one model.

    Rows of the model `once` may be there already."""
    words, values = [], []
    for row in rows:
        head, fields, tail = _insert(type(row), type(row) is once)
        places = []
        for field in fields:
            target = row._state.fields_cache.get(field.name)
            if target is not None and target.pk is None:
                places.append(f"currval('{_sequence(type(target))}')")
            else:
                places.append("%s")
                values.append(field.get_db_prep_save(field.pre_save(row, True), connection))
        words.append(f"{head} VALUES ({', '.join(places)}) {tail}")
    with connection.cursor() as cursor:
        cursor.execute("; ".join(words), values)
        for n, row in enumerate(rows):
            if n:
                cursor.nextset()
            if (found := cursor.fetchone()) is not None:
                (row.pk,) = found
            row._state.adding, row._state.db = False, connection.alias
    for row in rows:
        for name, target in list(row._state.fields_cache.items()):
            setattr(row, name, target)  # its id is known now


@cache
def _insert(model: type[models.Model], may_be_there: bool) -> tuple[str, list[Any], str]:
    own = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    tail = f"{'ON CONFLICT DO NOTHING ' if may_be_there else ''}RETURNING {own.column}"
    return f"INSERT INTO {table} ({columns})", fields, tail


@cache
def _sequence(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_{model._meta.pk.column}_seq"
