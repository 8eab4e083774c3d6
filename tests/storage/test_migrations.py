"""The tables come about by migrations, however many processes start at once."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage.engine import Store, open_store
from storage.migrations import upgrade
from storage.schema import metadata
from tests.databases import database_url
from tests.storage.samples import NOW, message


def migrate(url: str) -> None:
    store = open_store(url)
    store.migrate()
    store.close()


def test_the_migrations_build_the_tables_that_the_code_knows_on_sqlite(tmp_path: Path) -> None:
    """To the letter: SQLite keeps the statements that made its tables."""
    made = []
    for name in ("migrated", "created"):
        store = open_store(f"sqlite:///{tmp_path / name}.db")
        with store._connect() as connection:
            upgrade(connection) if name == "migrated" else metadata.create_all(connection)
            made.append(_parts(connection))
        store.close()
    assert made[0] == made[1]


def _parts(connection: Connection) -> dict[str, list[str]]:
    """The lines of the statements that made each table and index; the order of a table's constraints says nothing."""
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    )
    return {name: sorted(line.strip().rstrip(",") for line in made.splitlines()) for name, made in found}


def test_the_migrations_build_the_tables_that_the_code_knows_on_postgresql(postgres_store: Store) -> None:
    with postgres_store._connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.unit.inbox.admit(message(), NOW)
    store.migrate()
    with store.transaction() as transaction:
        assert not transaction.unit.inbox.admit(message(), NOW)


def test_threads_that_migrate_at_once_do_it_once(dialect: str, tmp_path: Path) -> None:
    with database_url(dialect, tmp_path, migrated=False) as url, ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, [url] * 4))
        _works(url)


def test_replicas_that_start_at_once_migrate_once(dialect: str, tmp_path: Path) -> None:
    """Each replica migrates at its start; the second finds the work done."""
    with database_url(dialect, tmp_path, migrated=False) as url:
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
            list(processes.map(migrate, [url] * 2))
        _works(url)


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'new' / 'ventanilla.db'}"
    migrate(url)
    _works(url)


def _works(url: str) -> None:
    store = open_store(url)
    try:
        with store.transaction() as transaction:
            assert transaction.unit.inbox.admit(message(), NOW)
    finally:
        store.close()
