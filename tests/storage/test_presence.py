"""Tables are changed under nobody's feet: whoever would do that asks first who is alive."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.engine import Store, open_store
from storage.errors import OthersAlive, SchemaMisfit, StorageUnavailable
from tests.databases import database_url, postgres
from tests.storage.releases import HEAD, NEXT, bring_to, next_versions, stands_at

#: Another process of the release before, at work until it is ended.
_OTHER = """
import sys, time
from storage.engine import open_store
store = open_store(sys.argv[1])
store.migrate()
print("alive", flush=True)
time.sleep(60)
"""


@contextmanager
def another_process(url: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([sys.executable, "-c", _OTHER, url], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "alive\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def revision_of(url: str) -> str | None:
    store = open_store(url)
    with store._connect() as connection:
        found = stands_at(connection)
    store.close()
    return found


def go_on_to(url: str, versions: Path) -> None:
    """What a start of the next release does with the tables."""
    store = open_store(url)
    try:
        bring_to(store, NEXT, versions)
    finally:
        store.close()


@pytest.fixture
def url(dialect: str, tmp_path: Path) -> Iterator[str]:
    """A database at the present release, which a next one may change: gone afterwards."""
    with database_url(dialect, tmp_path, migrated=False) as found:
        store = open_store(found)
        store.migrate()
        store.close()
        yield found


def test_a_stop_waits_for_the_end_of_every_other_process(url: str, tmp_path: Path) -> None:
    """Refused with a word on what to do, nothing changed; once the other is gone, however it ended, it runs."""
    versions = next_versions(tmp_path, "stop_names")
    with another_process(url) as other:
        with pytest.raises(OthersAlive, match="Stop every other process"):
            go_on_to(url, versions)
        assert revision_of(url) == HEAD
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    go_on_to(url, versions)
    assert revision_of(url) == NEXT


def test_a_rolling_revision_refuses_nobody(url: str, tmp_path: Path) -> None:
    """The new release comes up beside the old one: nobody is without a counter meanwhile."""
    with another_process(url):
        go_on_to(url, next_versions(tmp_path, "rolling_columns"))
    assert revision_of(url) == NEXT


def test_processes_of_the_same_release_are_present_side_by_side(url: str) -> None:
    with another_process(url), another_process(url):
        store = open_store(url)
        store.migrate()
        store.stay_present()
        store.close()


def test_whoever_stops_in_order_is_in_nobodys_way(url: str, tmp_path: Path) -> None:
    """Also a command that migrated on its way, such as `staff list`."""
    store = open_store(url)
    store.migrate()
    store.close()
    go_on_to(url, next_versions(tmp_path, "stop_names"))
    assert revision_of(url) == NEXT


def test_a_new_database_refuses_nobody(dialect: str, tmp_path: Path) -> None:
    """Two replicas that start at once over nothing: there is nothing yet that could be at work."""
    versions = next_versions(tmp_path, "stop_names")
    with database_url(dialect, tmp_path, migrated=False) as found:
        first, second = open_store(found), open_store(found)
        bring_to(first, NEXT, versions)
        bring_to(second, NEXT, versions)
        first.close()
        second.close()


def test_a_process_that_was_cut_off_comes_back_where_nothing_changed(tmp_path: Path) -> None:
    """The server was started anew: the lock went with the connection, and is taken again."""
    with database_url("postgresql", tmp_path) as found:
        store = open_store(found)
        store.migrate()
        _cut_off(store)
        store.stay_present()
        store.stay_present()
        store.close()


def test_a_process_that_missed_a_change_of_the_tables_must_end(tmp_path: Path) -> None:
    """While it was cut off, another release changed what it would write to."""
    with database_url("postgresql", tmp_path, migrated=False) as found:
        store = open_store(found)
        store.migrate()
        store.stay_present()
        _cut_off(store)
        go_on_to(found, next_versions(tmp_path, "stop_names"))
        with pytest.raises(SchemaMisfit, match="Start it again"):
            store.stay_present()
        store.close()


def _cut_off(store: Store) -> None:
    postgres().cut_off(str(store._engine.url.database))


def test_a_database_that_cannot_say_that_it_is_in_use_is_not_used(tmp_path: Path) -> None:
    """The file that says so cannot be made: that is told, and nothing runs unseen."""
    (tmp_path / "ventanilla.db-presence").symlink_to(tmp_path / "none" / "none")
    store = open_store(f"sqlite:///{tmp_path / 'ventanilla.db'}")
    with pytest.raises(StorageUnavailable):
        store.migrate()
    store.close()
