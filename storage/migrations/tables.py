"""Changes tables that hold rows, for revisions. Knows what SQLite keeps of a table and Alembic does not see.

SQLite can change little of a table: Alembic copies its rows into a new one, drops the old one and renames. It makes the
new one from what SQLAlchemy reads of the old one, which is not all: numbers that are never given out twice, indexes in
descending order or of expressions, and triggers would be gone without a word.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy import Column, Connection, Index, MetaData, Table
from sqlalchemy.exc import SAWarning

#: What hangs on a table and only SQLite itself can say, with the words that made it.
_HANGING: Final = """
SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND (type = 'trigger' OR type = 'index' AND sql IS NOT NULL
AND EXISTS (SELECT 1 FROM pragma_index_xinfo(sqlite_master.name) WHERE key AND name IS NULL)) ORDER BY rowid
"""


@contextmanager
def changed(name: str) -> Iterator[BatchOperations]:
    """A table, to be changed by what stands inside.

        with changed("ticket") as ticket:
            ticket.drop_column("area")

    PostgreSQL gets an ALTER TABLE for each change, SQLite a copy of the table where it needs one. An index on a column
    that goes, or whose condition names a column that gets another name, is dropped first and created anew; so is a
    trigger that names it.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        with op.batch_alter_table(name) as batch:
            yield batch
        return
    last_number, hanging = _last_number(connection, name), _hanging(connection, name)
    with op.batch_alter_table(name, copy_from=_as_it_is(connection, name)) as batch:
        yield batch
    left = _hanging(connection, name)
    for each in hanging.keys() - left.keys():
        connection.exec_driver_sql(hanging[each])
    if last_number is not None:
        _count_on_from(connection, name, last_number)


def _as_it_is(connection: Connection, name: str) -> Table:
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    is_counted = "AUTOINCREMENT" in str(made.scalar_one()).upper()
    with warnings.catch_warnings():
        # Of indexes of expressions, which are made anew in SQLite's own words.
        warnings.simplefilter("ignore", SAWarning)
        table = Table(name, MetaData(), autoload_with=connection, sqlite_autoincrement=is_counted)
    for index in list(table.indexes):
        descending = _descending(connection, str(index.name))
        if descending:
            table.indexes.discard(index)
            columns = [column.desc() if column.name in descending else column for column in _columns(index)]
            Index(index.name, *columns, unique=index.unique, **index.kwargs)
    return table


def _hanging(connection: Connection, table: str) -> dict[str, str]:
    return {str(name): str(sql) for name, sql in connection.exec_driver_sql(_HANGING, (table,))}


def _columns(index: Index) -> list[Column[object]]:
    return [column for column in index.columns if isinstance(column, Column)]


def _descending(connection: Connection, index: str) -> set[str]:
    """The columns by which it is sorted from the last to the first."""
    found = connection.exec_driver_sql("SELECT name FROM pragma_index_xinfo(?) WHERE key AND desc", (index,))
    return {str(name) for (name,) in found}


def _last_number(connection: Connection, table: str) -> int | None:
    """The highest number that a row of the table ever had; None where SQLite does not keep it."""
    if not connection.dialect.has_table(connection, "sqlite_sequence"):
        return None
    found = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    return None if found is None else int(found)


def _count_on_from(connection: Connection, table: str, number: int) -> None:
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))
