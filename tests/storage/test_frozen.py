"""A replica that freezes in the middle of its work, connection and all, does not hold up the others for long."""

import time
from pathlib import Path

import pytest

from storage.engine import StorageUnavailable, Store, open_store
from storage.unit_of_work import SqlUnitOfWork
from tests.databases import database_url
from tests.storage.samples import NOW, arrive


def shown(store: Store, setting: str) -> str:
    with store.transaction() as transaction:
        rows = transaction.unit.people._rows
        return str(rows._cursor.execute(f"SHOW {setting}").fetchone()[0])


def language(unit: SqlUnitOfWork, spoken: str) -> None:
    unit.people.set_language(arrive(unit).person_id, spoken)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("lock_timeout", "10s"), ("statement_timeout", "20s"), ("idle_in_transaction_session_timeout", "20s")],
)
def test_nothing_may_take_for_ever(postgres_store: Store, setting: str, expected: str) -> None:
    assert shown(postgres_store, setting) == expected


def test_the_making_of_tables_may_take_its_time(postgres_store: Store) -> None:
    with postgres_store._rebuilding() as connection:
        for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
            assert connection.exec_driver_sql(f"SHOW {setting}").scalar() == "0"


def test_who_freezes_in_a_transaction_loses_it_and_what_it_holds(tmp_path: Path) -> None:
    """The other replica's message for the same person is stored; the frozen one hears that it is to come again."""
    with database_url("postgresql", tmp_path) as url:
        frozen = open_store(f"{url}&options=-c%20idle_in_transaction_session_timeout%3D300ms")
        other = open_store(url)
        try:
            with other.transaction() as transaction:
                language(transaction.unit, "es")
            with pytest.raises(StorageUnavailable), frozen.transaction() as held:
                language(held.unit, "fr")
                begun_at = time.monotonic()
                with other.transaction() as transaction:
                    language(transaction.unit, "en")
                assert time.monotonic() - begun_at < 9, "no longer than the patience for a lock"
                language(held.unit, "de")
            with other.transaction() as transaction:
                assert arrive(transaction.unit).language == "en"
            with frozen.transaction() as transaction:
                assert arrive(transaction.unit, now=NOW).language == "en", "it goes on with a new connection"
        finally:
            frozen.close()
            other.close()


def test_a_statement_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with database_url("postgresql", tmp_path) as url:
        store = open_store(f"{url}&options=-c%20statement_timeout%3D200ms")
        try:
            with pytest.raises(StorageUnavailable), store.transaction() as transaction:
                transaction.unit.people._rows.command("SELECT pg_sleep(30)")
            with store.transaction() as transaction:
                arrive(transaction.unit)
        finally:
            store.close()
