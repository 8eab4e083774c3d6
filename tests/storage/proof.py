"""What a rolling revision must stand: the release before goes on over its tables, with all the rows that are there."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from storage.engine import Store
from storage.migrations import VERSIONS
from tests.storage import filler
from tests.storage.kept import Kept, read
from tests.storage.releases import bring_to
from tests.storage.structure import structure, tightened


def faults(store: Store, before: str, after: str, versions: Path = VERSIONS) -> list[str]:
    """What the release of the revision `before` meets once the next one has run. `store` is a new database."""
    bring_to(store, before, versions)
    with store._connect() as connection:
        filler.fill(connection)
        connection.commit()
    with store._connect() as connection:
        tables, rows = structure(connection), filler.rows(connection)
    bring_to(store, after, versions)
    with store._connect() as connection:
        found = [f"{name}: its rows are not what they were" for name in filler.lost(rows, filler.rows(connection))]
        found += [f"{name} is gone" for name in sorted(tables.keys() - structure(connection).keys())]
        found += tightened(tables, structure(connection))
        return found + refused(connection, read(before, store.dialect), store.dialect)


def refused(connection: Connection, statements: Sequence[Kept], dialect: str) -> list[str]:
    """The statements of a release that the tables do not take any more, and why. Nothing of them stays."""
    found = []
    for each in statements:
        with connection.begin_nested() as attempt:
            try:
                with closing(connection.connection.cursor()) as cursor:
                    cursor.execute(each.sql, each.values(dialect, 1))
                    if cursor.description:
                        cursor.fetchall()
            except Exception as error:
                if not _is_chance(error):
                    found.append(f"{each.name}: {error}".partition("\n")[0])
            attempt.rollback()
    return found


def _is_chance(error: Exception) -> bool:
    """Made-up values may meet a row that is there: that says nothing of the tables."""
    return "UNIQUE constraint failed" in str(error) or type(error).__name__ == "UniqueViolation"
