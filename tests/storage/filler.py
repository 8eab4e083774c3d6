"""Rows for every table of any revision, made from what the database says of itself."""

import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert, select
from sqlalchemy.exc import SAWarning

#: Rows of each table. A row refers to the rows of the same number, so that what must be unique is.
ROWS = 4

#: What a migration may want to read, where any words would not do.
_WRITTEN: Mapping[str, Sequence[str]] = {
    "state": ("pending", "sending", "failed", "live"),
    "details": ('{"row": 1}', "{}"),
    "journal": ('{"row": [1]}', "{}"),
    "offered": ("[]", '[["a", "b"]]'),
    "message": ('{"text": "hola"}',),
    "payload": ('{"text": "hola"}',),
    "media": ("[1]", "[]"),
}
_FIRST = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)

Rows = dict[str, list[dict[str, Any]]]


def fill(connection: Connection) -> None:
    """Put rows into every table. Every other row leaves empty what may be empty."""
    made: Rows = {}
    for table in _tables(connection):
        made[table.name] = []
        for number in range(1, ROWS + 1):
            values = {
                column.name: _value(column, number, made) for column in table.columns if not _numbers_itself(column)
            }
            row = connection.execute(insert(table).values(values).returning(*table.columns)).one()
            made[table.name].append(dict(row._mapping))


def rows(connection: Connection) -> Rows:
    """Every row of every table."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in _tables(connection)
    }


def lost(before: Rows, after: Rows) -> list[str]:
    """The tables whose rows are not what they were, in the columns that are still there."""
    return [name for name in before.keys() & after.keys() if not _are_same(before[name], after[name])]


def _are_same(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    if len(before) != len(after):
        return False
    names = sorted(before[0].keys() & after[0].keys()) if before else []
    return _of(before, names) == _of(after, names)


def _of(rows: list[dict[str, Any]], names: list[str]) -> list[str]:
    return sorted(repr([row[name] for name in names]) for row in rows)


def _tables(connection: Connection) -> list[Table]:
    """Those that others refer to come first. What the database fills by itself is left to it."""
    metadata = MetaData()
    with warnings.catch_warnings():
        # Of SQLite's indexes of expressions, which SQLAlchemy does not read.
        warnings.simplefilter("ignore", SAWarning)
        metadata.reflect(connection, only=lambda name, _: not name.startswith(("ticket_search", "ticket_count")))
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _numbers_itself(column: Column[Any]) -> bool:
    is_lone = column.primary_key and len(column.table.primary_key) == 1
    return is_lone and column.type.python_type is int and not column.foreign_keys


def _value(column: Column[Any], number: int, made: Rows) -> Any:
    if column.nullable and number % 2 == 0:
        return None
    for key in column.foreign_keys:
        rows = made[key.column.table.name]
        # A row that refers to its own table refers to the one before.
        return rows[min(number, len(rows)) - 1][key.column.name] if rows else None
    kind = column.type.python_type
    if kind is str:
        words = _WRITTEN.get(column.name)
        return words[number % len(words)] if words else f"{column.table.name} {column.name} {number}"
    if kind is datetime:
        return _FIRST + timedelta(seconds=number)
    return kind(number % 2) if kind is bool else kind(number)
