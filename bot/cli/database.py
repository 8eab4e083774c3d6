"""Owns how a command reaches the database: brought up to date, one transaction, closed again. Knows no command."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.opening import open_database
from bot.settings.settings import Settings
from storage.unit_of_work import SqlUnitOfWork


@contextmanager
def one_transaction(wanted: Settings) -> Iterator[SqlUnitOfWork]:
    """One transaction on a database that is up to date; beside a running counter as well."""
    store = open_database(wanted)
    try:
        store.migrate()
        with store.transaction() as transaction:
            yield transaction.unit
    finally:
        store.close()
