"""What a database is made of, as far as it matters: not in which order, nor in which words it was made."""

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Inspector, inspect
from sqlalchemy.exc import SAWarning


@dataclass(frozen=True, slots=True)
class Column:
    type: str
    is_nullable: bool
    #: A value, a sequence, an identity or a computation that the database fills in.
    default: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    name: str | None
    columns: tuple[str, ...]
    refers_to: tuple[str, ...]
    options: str


@dataclass(frozen=True, slots=True)
class Index:
    name: str | None
    #: In order, each with DESC where it is sorted so.
    columns: tuple[str, ...]
    is_unique: bool
    condition: str | None


@dataclass(frozen=True, slots=True)
class Table:
    columns: Mapping[str, Column]
    primary_key: tuple[str | None, tuple[str, ...]]
    foreign_keys: frozenset[ForeignKey]
    unique: frozenset[tuple[str | None, tuple[str, ...]]]
    indexes: frozenset[Index]
    checks: frozenset[tuple[str | None, str]]
    #: AUTOINCREMENT and WITHOUT ROWID, which only SQLite has.
    options: frozenset[str]


def structure(connection: Connection) -> dict[str, Table]:
    """Every table but Alembic's own and those of the search, which each database makes in its own way."""
    inspector = inspect(connection)
    own = ("alembic_version", "ticket_search")
    names = [name for name in inspector.get_table_names() if not name.startswith(own)]
    with warnings.catch_warnings():
        # SQLAlchemy does not read SQLite's indexes of expressions: `_of_expressions` does.
        warnings.simplefilter("ignore", SAWarning)
        return {name: _table(connection, inspector, name) for name in names}


def tightened(before: Mapping[str, Table], after: Mapping[str, Table]) -> list[str]:
    """What a table takes no more that it took before, or gives in another type; of the columns that are still there."""
    found = []
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        for column in old.columns.keys() & new.columns.keys():
            was, is_now = old.columns[column], new.columns[column]
            if was.type != is_now.type:
                found.append(f"{name}.{column} was {was.type} and is {is_now.type}")
            if was.is_nullable and not is_now.is_nullable:
                found.append(f"{name}.{column} must not be empty any more")
        known = old.columns.keys()
        found += [f"{name}: {rule} is new" for rule in _rules(new, known) - _rules(old, known)]
    return sorted(found)


def _rules(table: Table, known: Iterable[str]) -> set[str]:
    """What may refuse a row that has a value only in the known columns."""
    unique = {columns for _, columns in table.unique} | {each.columns for each in table.indexes if each.is_unique}
    plain = set(known)
    return (
        {f"unique {columns}" for columns in unique if plain.issuperset(each.split()[0] for each in columns)}
        | {f"reference {key.columns}" for key in table.foreign_keys if plain.issuperset(key.columns)}
        | {f"check {words}" for _, words in table.checks if plain & set(re.findall(r"\w+", words))}
    )


def _table(connection: Connection, inspector: Inspector, name: str) -> Table:
    primary = inspector.get_pk_constraint(name)
    return Table(
        columns={column["name"]: _column(connection, column) for column in inspector.get_columns(name)},
        primary_key=(primary["name"], tuple(primary["constrained_columns"])),
        foreign_keys=frozenset(
            ForeignKey(
                name=key["name"],
                columns=tuple(key["constrained_columns"]),
                refers_to=(key["referred_table"], *key["referred_columns"]),
                options=str(sorted(key.get("options", {}).items())),
            )
            for key in inspector.get_foreign_keys(name)
        ),
        unique=frozenset(
            (each["name"], tuple(each["column_names"])) for each in inspector.get_unique_constraints(name)
        ),
        indexes=frozenset(
            _index(connection, each)
            for each in inspector.get_indexes(name)
            # PostgreSQL lists what stands behind a unique constraint once more.
            if "duplicates_constraint" not in each
        )
        | _of_expressions(connection, name),
        checks=frozenset((each["name"], str(each["sqltext"])) for each in inspector.get_check_constraints(name)),
        options=_options(connection, name),
    )


def _column(connection: Connection, column: Any) -> Column:
    filled_in = [column.get("default"), column.get("identity"), column.get("computed")]
    return Column(
        type=column["type"].compile(connection.dialect),
        is_nullable=bool(column["nullable"]),
        default=" ".join(str(each) for each in filled_in if each is not None),
    )


def _of_expressions(connection: Connection, table: str) -> frozenset[Index]:
    """On SQLite, where they stand in the words that made them."""
    if connection.dialect.name != "sqlite":
        return frozenset()
    made = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL AND EXISTS"
        " (SELECT 1 FROM pragma_index_xinfo(sqlite_master.name) WHERE key AND name IS NULL)",
        (table,),
    )
    return frozenset(Index(name, (str(sql).partition("(")[2],), "UNIQUE" in sql.upper(), None) for name, sql in made)


def _index(connection: Connection, index: Any) -> Index:
    name, dialect = index["name"], connection.dialect.name
    columns = [str(each) for each in index.get("expressions") or index["column_names"]]
    if dialect == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM pragma_index_xinfo(?) WHERE key AND desc", (name,))
        descending = {str(row[0]) for row in found}
    else:
        descending = {each for each, order in index.get("column_sorting", {}).items() if "desc" in order}
    condition = index.get("dialect_options", {}).get(f"{dialect}_where")
    return Index(
        name=name,
        columns=tuple(f"{each} DESC" if each in descending else each for each in columns),
        is_unique=bool(index["unique"]),
        condition=None if condition is None else str(condition),
    )


def _options(connection: Connection, table: str) -> frozenset[str]:
    if connection.dialect.name != "sqlite":
        return frozenset()
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    words = str(made.scalar_one()).upper()
    return frozenset(option for option in ("AUTOINCREMENT", "WITHOUT ROWID", "STRICT") if option in words)
