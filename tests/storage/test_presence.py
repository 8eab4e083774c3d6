"""Nobody changes the tables under a process that is alive; and a process that is gone holds up nobody."""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import storage
from storage.engine import Store, open_store
from storage.errors import OthersAlive, SchemaMisfit, StorageUnavailable
from storage.migrations import _refuse_under_others
from tests.databases import database_url, postgres
from tests.harness import ROOT, SAMPLE_TOWN, command_environment, free_port, server_process
from tests.storage import filler
from tests.storage.releases import HEAD, NEXT, add_revision, bring_to, next_versions, stands_at
from tests.storage.structure import structure

Open = Callable[[], Store]


@pytest.fixture
def url(dialect: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    with database_url(dialect, tmp_path, migrated=False) as made:
        yield made


@pytest.fixture
def another(url: str) -> Iterator[Open]:
    """Opens the database as one more process does, as far as presence goes."""
    with ExitStack() as stack:

        def opened() -> Store:
            store = open_store(url)
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture
def stop(tmp_path: Path) -> Path:
    """The revisions of a next release that changes the tables in a way the present one does not survive."""
    return next_versions(tmp_path, "stop_names")


def seen(store: Store) -> tuple[object, ...]:
    """All that a refused start must leave as it is."""
    with store._connect() as connection:
        return stands_at(connection), structure(connection), filler.rows(connection)


def test_a_stop_is_refused_while_another_process_is_alive(another: Open, stop: Path) -> None:
    """And done once it has ended; what was refused left nothing behind."""
    alive, starting = another(), another()
    alive.migrate()
    with alive._connect() as connection:
        filler.fill(connection)
        connection.commit()
    was = seen(alive)
    for _ in range(2):
        with pytest.raises(OthersAlive, match="Stop every other process"):
            bring_to(starting, "head", stop)
    assert seen(alive) == was

    alive.close()
    bring_to(starting, "head", stop)
    assert seen(starting)[0] == NEXT


def test_the_refusal_names_the_first_revision_that_stops() -> None:
    """Of several that are missing: what an administrator looks up is what comes next."""

    class Others:
        def alone(self) -> bool:
            return False

    missing = [
        SimpleNamespace(revision=revision, module=SimpleNamespace(change=change))
        for revision, change in (("0006", "stop"), ("0005", "rolling"), ("0004", "stop"), ("0003", "rolling"))
    ]
    with pytest.raises(OthersAlive, match=r"\(revision 0004\)"):
        _refuse_under_others(cast(Any, missing), cast(Any, Others()))


def test_a_refused_start_is_not_taken_for_an_alive_process(another: Open, stop: Path) -> None:
    """A replica that waits for the others to end does not hold up who is first then."""
    alive, refused, third = another(), another(), another()
    alive.migrate()
    with pytest.raises(OthersAlive):
        bring_to(refused, "head", stop)
    alive.close()
    bring_to(third, "head", stop)


def test_a_rolling_revision_is_refused_to_nobody(another: Open, tmp_path: Path) -> None:
    """That is what it is for."""
    alive, starting = another(), another()
    alive.migrate()
    bring_to(starting, "head", next_versions(tmp_path, "rolling_columns"))
    assert seen(alive)[0] == NEXT


def test_an_empty_database_refuses_nobody(another: Open, stop: Path) -> None:
    """Nobody can be at work without tables, even where somebody waits to be."""
    waiting, starting = another(), another()
    waiting._presence.enter()
    bring_to(starting, "head", stop)
    assert seen(starting)[0] == NEXT


def test_a_stop_after_a_rolling_revision_is_seen(another: Open, stop: Path) -> None:
    """Wherever in what is missing it stands: an old database meets both at once."""
    alive, starting = another(), another()
    bring_to(alive, "0001")
    with pytest.raises(OthersAlive):
        bring_to(starting, "head", stop)
    assert seen(alive)[0] == "0001"


def test_replicas_of_the_next_release_that_start_at_once_do_a_stop_once(another: Open, stop: Path) -> None:
    """None of them takes the others, who are only starting, for processes at work."""
    before = another()
    before.migrate()
    before.close()
    replicas = [another() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda each: bring_to(each, "head", stop), replicas))
    assert seen(replicas[0])[0] == NEXT


def test_between_its_migration_and_its_work_nobody_changes_the_tables(another: Open, stop: Path) -> None:
    """Whoever was alone for a stop is present before others can begin the next."""
    first, second = another(), another()
    bring_to(first, HEAD, stop)
    bring_to(first, NEXT, stop)
    with second._connect() as connection:
        assert not second._presence.alone()
        connection.rollback()


def test_a_database_of_a_later_release_is_refused_in_a_sentence(another: Open, tmp_path: Path) -> None:
    """An older release cannot know what the later one did."""
    later = another()
    bring_to(later, "head", next_versions(tmp_path, "rolling_columns"))
    with pytest.raises(SchemaMisfit, match="a later release"):
        another().migrate()


@pytest.fixture
def alive_and_starting(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """A process that is alive on PostgreSQL, and one that is about to be."""
    with (
        database_url("postgresql", tmp_path, migrated=False) as url,
        closing(open_store(url)) as alive,
        closing(open_store(url)) as starting,
    ):
        alive.migrate()
        yield alive, starting


def cut_off(store: Store) -> None:
    postgres().cut_off(str(store._engine.url.database))


def test_a_connection_that_died_is_renewed(alive_and_starting: tuple[Store, Store], stop: Path) -> None:
    """The server restarted: the process is alive, and known to be so again."""
    alive, starting = alive_and_starting
    cut_off(alive)
    alive.stay_present()
    with pytest.raises(OthersAlive):
        bring_to(starting, "head", stop)


def test_a_process_whose_tables_were_changed_while_it_was_cut_off_ends(
    alive_and_starting: tuple[Store, Store], stop: Path
) -> None:
    """It would write into tables that it does not know."""
    alive, starting = alive_and_starting
    cut_off(alive)
    bring_to(starting, "head", stop)
    for _ in range(2):
        with pytest.raises(SchemaMisfit, match="while this process was cut off"):
            alive.stay_present()


def test_a_rolling_revision_that_was_seen_is_no_reason_to_end(
    alive_and_starting: tuple[Store, Store], tmp_path: Path
) -> None:
    """Only what happened while nobody could see us is."""
    alive, starting = alive_and_starting
    bring_to(starting, "head", next_versions(tmp_path, "rolling_columns"))
    alive.stay_present()
    cut_off(alive)
    alive.stay_present()


def test_presence_costs_the_work_no_connection(tmp_path: Path) -> None:
    """It has one of its own, beside the pool."""
    with database_url("postgresql", tmp_path) as url:
        store = open_store(url, pool_size=1)
        store._engine.pool._timeout = 0.05  # type: ignore[attr-defined]
        store.migrate()
        with store.transaction():
            store.stay_present()
        store.close()


def test_whoever_has_left_does_not_come_back(store: Store) -> None:
    """A look that was under way when the process ended does not make it alive again."""
    store.migrate()
    store.close()
    store.stay_present()
    assert store._presence.alone()
    store.close()


def test_a_folder_that_is_not_ours_is_told(tmp_path: Path) -> None:
    with database_url("sqlite", tmp_path) as url:
        Path(url.removeprefix("sqlite:///") + "-presence").mkdir()
        store = open_store(url)
        with pytest.raises(StorageUnavailable, match="-presence"):
            store.migrate()
        store.close()


# Real processes: the present release serves, and a copy of it with one revision more wants to change the tables.


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """A folder from which the next release runs."""
    folder = tmp_path / "next"
    shutil.copytree(Path(storage.__file__).parent, folder / "storage", ignore=shutil.ignore_patterns("__pycache__"))
    add_revision(folder / "storage" / "migrations" / "versions", "stop_names")
    return folder


@pytest.fixture
def environ(url: str, tmp_path: Path) -> dict[str, str]:
    """What both releases run with; a town without articles starts at once."""
    content = tmp_path / "content"
    shutil.copytree(SAMPLE_TOWN, content, ignore=shutil.ignore_patterns("articles"))
    return {"DATABASE_URL": url, "CONTENT_DIR": str(content)}


async def test_a_running_counter_is_not_pulled_from_under_its_residents(
    environ: dict[str, str], tmp_path: Path, next_release: Path
) -> None:
    """migrate, serve and staff of the next release refuse while it runs, and go ahead once it was killed."""
    async with server_process(tmp_path, port=free_port(), **environ) as running:
        for command in (["migrate"], ["staff", "list"], ["serve"]):
            code, said = await asyncio.to_thread(_next, next_release, tmp_path, environ, *command)
            assert (code, "Stop every other process" in said) == (1, True), said
            assert command == ["serve"] or "Traceback" not in said
        assert await running.is_ready()
        assert await running.end(signal.SIGKILL) == -signal.SIGKILL
    code, said = await asyncio.to_thread(_next, next_release, tmp_path, environ, "migrate")
    assert (code, said) == (0, "The database is up to date.\n")


def test_two_processes_of_the_next_release_that_start_at_once_both_get_through(
    url: str, environ: dict[str, str], tmp_path: Path, next_release: Path
) -> None:
    store = open_store(url)
    store.migrate()
    store.close()
    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(lambda _: _next(next_release, tmp_path, environ, "migrate"), range(2)))
    assert [code for code, _ in ended] == [0, 0], ended


def _next(release: Path, folder: Path, environ: dict[str, str], *command: str) -> tuple[int, str]:
    """Run a command of the next release; its exit code, and what it said."""
    given = command_environment(folder, PORT=str(free_port()), PYTHONPATH=str(ROOT), **environ)
    # Its own storage comes first, since Python looks in the working folder first.
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=release, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, re.sub(r"(?m)^\{.*\n", "", ended.stdout)
