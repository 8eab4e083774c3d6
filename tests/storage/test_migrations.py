"""The tables come about by migrations: over rows, beside the release before, however many processes start at once."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from storage.engine import Store, open_store
from storage.errors import BrokenReferences, SchemaMisfit, StorageError
from storage.schema import metadata
from tests.databases import DIALECTS, database, database_url
from tests.storage import filler, kept
from tests.storage.proof import faults
from tests.storage.releases import HEAD, NEXT, bring_to, next_versions, revisions, stands_at
from tests.storage.samples import NOW, message
from tests.storage.structure import structure, tightened

REVISIONS = revisions()
#: Each with the one before it.
STEPS = [(str(each.down_revision or "base"), each) for each in REVISIONS]


@pytest.fixture(params=DIALECTS)
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without tables."""
    with database(request.param, tmp_path, migrated=False) as opened:
        yield opened


def migrate(url: str) -> None:
    store = open_store(url)
    store.migrate()
    store.close()


def filled(store: Store) -> filler.Rows:
    with store._connect() as connection:
        filler.fill(connection)
        connection.commit()
        return filler.rows(connection)


def test_the_migrations_build_the_tables_that_the_code_knows(dialect: str, tmp_path: Path) -> None:
    """Columns, keys and indexes are alike; in which order, and in which words they were made, says nothing."""
    made = []
    for is_migrated in (True, False):
        with database(dialect, tmp_path, migrated=False) as store:
            if is_migrated:
                store.migrate()
            with store._connect() as connection:
                if not is_migrated:
                    metadata.create_all(connection)
                made.append(structure(connection))
    assert made[0] == made[1]


def test_a_difference_would_be_seen(new_store: Store) -> None:
    """One index less, one column that may be empty: the comparison tells."""
    new_store.migrate()
    with new_store._connect() as connection:
        before = structure(connection)
        connection.exec_driver_sql("DROP INDEX ix_ticket_queue")
        after = structure(connection)
    assert before != after
    assert before["ticket"].indexes - after["ticket"].indexes
    assert before["person"] == after["person"]


@pytest.mark.parametrize(("before", "revision"), STEPS, ids=lambda each: getattr(each, "revision", each))
def test_every_revision_runs_over_a_filled_database(new_store: Store, before: str, revision: Any) -> None:
    """No row of any table is lost or changed; and every revision says how it may be run."""
    assert revision.module.change in {"rolling", "stop"}
    bring_to(new_store, before)
    rows = filled(new_store) if before != "base" else {}
    assert all(len(each) == filler.ROWS for each in rows.values())
    bring_to(new_store, revision.revision)
    with new_store._connect() as connection:
        assert stands_at(connection) == revision.revision
        assert filler.lost(rows, filler.rows(connection)) == []


@pytest.mark.parametrize(
    ("before", "revision"),
    [(before, each.revision) for before, each in STEPS if each.module.change == "rolling" and before != "base"],
)
def test_the_release_before_goes_on_over_a_rolling_revision(new_store: Store, before: str, revision: str) -> None:
    """Its statements, as they were written down, read and write what they read and wrote."""
    assert faults(new_store, before, revision) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_statements_of_this_release_are_written_down(dialect: str) -> None:
    """For the proof of the next revision. If this fails: python -m tests.tools.keep_statements."""
    assert kept.written(kept.read(HEAD, dialect)) == kept.written(kept.now(dialect))
    made_by = {name.split(" ")[0] for name in kept.MADE}
    assert kept.makers() <= made_by, "a function makes statements that are not written down: MADE in kept.py"


def test_a_revision_may_add_columns_while_the_release_before_is_at_work(new_store: Store, tmp_path: Path) -> None:
    """One that may be empty, and one that fills itself: the two ways that docs/database.md allows."""
    assert faults(new_store, HEAD, NEXT, next_versions(tmp_path, "rolling_columns")) == []


@pytest.mark.parametrize(
    ("liar", "fault"),
    [
        ("lies_about_a_column", "ticket"),
        ("lies_about_a_table", "receipt is gone"),
        ("lies_about_a_type", "outbox.attempts was"),
        ("lies_about_gaps", "ticket.place_text must not be empty any more"),
        ("lies_about_inserts", "tickets._ADD"),
        ("lies_about_twins", "ticket: unique"),
    ],
)
def test_a_revision_that_says_rolling_and_is_not_is_found_out(
    new_store: Store, tmp_path: Path, liar: str, fault: str
) -> None:
    """Before it reaches a town where two releases work side by side."""
    found = faults(new_store, HEAD, NEXT, next_versions(tmp_path, liar))
    assert any(fault in each for each in found), found


def test_a_revision_that_cannot_run_over_rows_is_found_out(new_store: Store, tmp_path: Path) -> None:
    """On a database without rows it would have run."""
    with pytest.raises((StorageError, DBAPIError)):
        faults(new_store, HEAD, NEXT, next_versions(tmp_path, "lies_about_rows"))
    with new_store._connect() as connection:
        assert stands_at(connection) == HEAD


def test_tables_that_others_point_to_are_changed_with_their_rows(new_store: Store, tmp_path: Path) -> None:
    """A stop may give columns other names and take them away; every reference still finds its row."""
    new_store.migrate()
    rows = filled(new_store)
    with new_store._connect() as connection:
        before = structure(connection)
    bring_to(new_store, NEXT, next_versions(tmp_path, "stop_names"))
    with new_store._connect() as connection:
        after, found = structure(connection), filler.rows(connection)
    assert filler.lost(rows, found) == []
    assert [row["tongue"] for row in found["person"]] == [row["language"] for row in rows["person"]]
    assert "area" not in after["ticket"].columns
    assert after["ticket"].foreign_keys == before["ticket"].foreign_keys
    assert after["ticket"].options == before["ticket"].options
    assert {each.name for each in after["ticket"].indexes} == {each.name for each in before["ticket"].indexes}
    assert tightened(before, after) == []


def test_a_migration_that_would_leave_rows_without_their_rows_is_undone(new_store: Store, tmp_path: Path) -> None:
    """The error names the tables; everything is as it was."""
    new_store.migrate()
    rows = filled(new_store)
    # PostgreSQL refuses the statement itself, SQLite looks at the end.
    with pytest.raises(BrokenReferences if new_store.dialect == "sqlite" else DBAPIError):
        bring_to(new_store, NEXT, next_versions(tmp_path, "stop_breaks"))
    with new_store._connect() as connection:
        assert stands_at(connection) == HEAD
        assert filler.rows(connection) == rows
        if new_store.dialect == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_database_of_a_later_release_is_left_alone(new_store: Store, tmp_path: Path) -> None:
    """Whoever starts an older release by mistake is told what to do."""
    bring_to(new_store, NEXT, next_versions(tmp_path, "rolling_columns"))
    with pytest.raises(SchemaMisfit, match="later release"):
        new_store.migrate()


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
