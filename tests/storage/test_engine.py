"""A transaction is whole or not at all, and a database that is away is told from a mistake of ours."""

import sqlite3
import stat
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from handlers.messages import Address, OutgoingMessage
from storage.engine import StatementRefused, StorageUnavailable, Store, open_store
from tests.databases import database_url, postgres
from tests.storage.samples import NOW, arrive, message


def admitted(store: Store, external_id: str) -> bool:
    """Whether it had been admitted before."""
    with store.transaction() as transaction:
        return not transaction.unit.inbox.admit(message(external_id), NOW)


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    with pytest.raises(KeyError), store.transaction() as transaction:
        transaction.unit.inbox.admit(message("1"), NOW)
        raise KeyError
    assert not admitted(store, "1")


def test_a_job_that_fails_undoes_only_its_own_savepoint(store: Store) -> None:
    with store.transaction() as transaction:
        for external_id in ("1", "2", "3"):
            try:
                with transaction.savepoint() as unit:
                    unit.inbox.admit(message(external_id), NOW)
                    if external_id == "2":
                        unit.outbox.ticket_of("x", "y", 1)
                        unit.invitations.accept("code", 4711, NOW)
                        unit.tickets.record(None)  # type: ignore[arg-type] # a bug in the job
            except AttributeError:
                pass
    assert [admitted(store, external_id) for external_id in ("1", "2", "3")] == [True, False, True]


def test_a_statement_that_the_database_refuses_spoils_only_its_savepoint(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.unit.inbox.admit(message("1"), NOW)
        with pytest.raises(StatementRefused), transaction.savepoint() as unit:
            unit.tickets.follow(4711, 4711, NOW)
            unit.people._rows.command("SELECT no_such_column FROM ticket")
        transaction.unit.inbox.admit(message("2"), NOW)
    assert [admitted(store, external_id) for external_id in ("1", "2")] == [True, True]


def test_savepoints_may_be_nested(store: Store) -> None:
    with store.transaction() as transaction, transaction.savepoint() as outer:
        outer.inbox.admit(message("1"), NOW)
        with pytest.raises(KeyError), transaction.savepoint() as inner:
            inner.inbox.admit(message("2"), NOW)
            raise KeyError
    assert [admitted(store, external_id) for external_id in ("1", "2")] == [True, False]


def test_a_store_serves_many_threads(store: Store) -> None:
    def work(number: int) -> None:
        with store.transaction() as transaction:
            arrive(transaction.unit, f"resident-{number % 5}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(80)))
    with store._connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM address").scalar() == 5


def test_a_refused_statement_says_nothing_of_what_people_wrote(store: Store) -> None:
    """Neither the error nor its traceback, since both end up in logs; the servers quote whole rows."""
    words = "-".join(["my", "neighbour", "steals"])
    nobody = 4000 + 711
    with store.transaction() as transaction, pytest.raises(StatementRefused) as raised, transaction.savepoint() as unit:
        unit.outbox.put(nobody, OutgoingMessage(words), now=NOW)
    said = "".join(traceback.format_exception(raised.value))
    assert "NOT NULL" in said or "NotNullViolation" in said
    assert words not in said
    assert str(nobody) not in said


def test_an_unknown_database_is_named_without_its_password() -> None:
    for wrong in ("mysql://u:secret@host/db", "nonsense-secret", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="DATABASE_URL") as raised:
            open_store(wrong)
        assert "secret" not in str(raised.value).replace("nonsense-secret", "")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_understood(scheme: str) -> None:
    url = postgres().url("postgres").replace("postgresql://", f"{scheme}://")
    store = open_store(url)
    store.ping()
    store.close()


def test_nothing_is_connected_before_it_is_wanted(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/such/folder.db", f"postgresql://nobody:secret@/none?host={tmp_path}"):
        store = open_store(url)
        for use in (store.ping, store.migrate, lambda opened=store: opened.transaction().__enter__()):
            if url.startswith("sqlite") and use == store.migrate:
                continue
            with pytest.raises(StorageUnavailable) as raised:
                use()
            assert "secret" not in "".join(traceback.format_exception(raised.value))
        store.close()


def test_a_database_that_another_process_holds_is_unavailable(tmp_path: Path) -> None:
    """A backup that takes too long makes the vendor send the message again later; nothing is lost."""
    with database_url("sqlite", tmp_path) as url:
        store = open_store(url)
        store.ping()
        with store._connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="locked"), store.transaction():
            pass
        store.ping()
        other.execute("ROLLBACK")
        assert not admitted(store, "1")
        other.close()
        store.close()


def test_a_full_disk_is_unavailable_and_the_transaction_undone(tmp_path: Path) -> None:
    with database_url("sqlite", tmp_path) as url:
        store = open_store(url)
        with store._connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StorageUnavailable, match="full"), store.transaction() as transaction:
            for number in range(1000):
                with transaction.savepoint() as unit:
                    unit.inbox.admit(message(f"{number} {'x' * 500}"), NOW)
        with store.transaction() as transaction:
            assert transaction.unit.inbox.admit(message(f"0 {'x' * 500}"), NOW)
        store.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database" * 1000)
    store = open_store(f"sqlite:///{tmp_path / 'broken.db'}")
    with pytest.raises(StorageUnavailable, match="not a database"):
        store.ping()
    store.close()


def test_a_read_only_database_is_unavailable(postgres_store: Store) -> None:
    """As a standby of PostgreSQL is, after a switch-over."""
    with pytest.raises(StorageUnavailable, match="read-only"), postgres_store.transaction() as transaction:
        transaction.unit.people._rows.command("SET TRANSACTION READ ONLY")
        transaction.unit.inbox.admit(message(), NOW)


def test_a_server_that_restarts_is_found_again(postgres_store: Store) -> None:
    """While it is away every use says so; when it is back the next use works, without a restart of ours."""
    server = postgres()
    assert not admitted(postgres_store, "before")
    server.stop()
    try:
        for _ in range(2):
            with pytest.raises(StorageUnavailable):
                admitted(postgres_store, "away")
            with pytest.raises(StorageUnavailable):
                postgres_store.ping()
    finally:
        server.start()
    assert not admitted(postgres_store, "after")
    assert admitted(postgres_store, "before")


def test_connections_that_died_in_the_pool_are_not_noticed(postgres_store: Store) -> None:
    """A restart between two transactions costs nothing: BEGIN fails on a dead connection and goes to a new one."""
    barrier = threading.Barrier(4)

    def hold(_: int) -> None:
        with postgres_store.transaction():
            barrier.wait(5)

    for _ in range(2):
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(hold, range(4)))
        postgres().cut_off(str(postgres_store._engine.url.database))


def test_a_connection_that_breaks_in_mid_transaction_loses_only_that(postgres_store: Store) -> None:
    with pytest.raises(StorageUnavailable), postgres_store.transaction() as transaction:
        transaction.unit.inbox.admit(message("1"), NOW)
        postgres().cut_off(str(postgres_store._engine.url.database))
        with transaction.savepoint() as unit:
            unit.inbox.admit(message("2"), NOW)
    assert not admitted(postgres_store, "1")


def test_a_connection_that_breaks_at_the_commit_is_unavailable(postgres_store: Store) -> None:
    with pytest.raises(StorageUnavailable), postgres_store.transaction() as transaction:
        transaction.unit.inbox.admit(message("1"), NOW)
        postgres().cut_off(str(postgres_store._engine.url.database))
    assert not admitted(postgres_store, "1")


def test_a_pool_that_is_used_up_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with database_url("postgresql", tmp_path) as url:
        store = open_store(url, pool_size=1)
        store._engine.pool._timeout = 0.05  # type: ignore[attr-defined]
        with store.transaction(), pytest.raises(StorageUnavailable, match="busy"), store.transaction():
            pass
        store.close()


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    """Write-ahead log, synced at every commit; foreign keys are watched."""
    with database_url("sqlite", tmp_path) as url:
        store = open_store(url)
        with store._connect() as connection:
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        store.close()
        assert settings == ["wal", 2, 1, 5000]
        assert stat.S_ISREG(Path(url.removeprefix("sqlite:///")).stat().st_mode)


def test_a_contact_holds_its_address(store: Store) -> None:
    with store.transaction() as transaction:
        assert arrive(transaction.unit, "US.ABC123", "whatsapp").address == Address("whatsapp", "US.ABC123")
