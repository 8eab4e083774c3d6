"""Opens the database and owns its transactions. Knows no tables."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from storage.errors import (
    AlreadyServed,
    OthersAlive,
    SchemaMisfit,
    StatementRefused,
    StorageError,
    StorageUnavailable,
    translated,
)
from storage.presence import FilePresence, Presence, SessionPresence
from storage.serving import ServingLock
from storage.statements import Rows
from storage.unit_of_work import SqlUnitOfWork

__all__ = [
    "AlreadyServed",
    "SchemaMisfit",
    "StatementRefused",
    "StorageError",
    "StorageUnavailable",
    "Store",
    "Transaction",
    "open_store",
]

#: Connections on which is only read, besides those that write.
_READERS: Final = 4

#: How long SQLite waits for another process (a backup, the command line) to end its transaction.
_BUSY_MILLISECONDS: Final = 5000

#: Of SQLite's pages, for each connection: the upper floors of the indexes of a million tickets.
_CACHE_KILOBYTES: Final = 16 * 1024

#: Unless the URL says otherwise. A server that vanished without a word is given up after half a minute.
_POSTGRESQL: Final = {
    "application_name": "ventanilla",
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

#: A row that another transaction holds for longer is as good as an unavailable database: the batch is done again. A
#: replica that freezes in the middle of a transaction, connection and all, loses it, and with it what it holds. Every
#: statement of ours is short: to compile one takes longer than to run it.
_POSTGRESQL_OPTIONS: Final = (
    "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=20s -c idle_in_transaction_session_timeout=20s -c jit=off"
)

#: For what may rightly take long: making the tables anew.
_PATIENT: Final = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"


def open_store(database_url: str, *, pool_size: int = 8) -> "Store":
    """The database at a URL: sqlite:///path or postgresql://... . Nothing is connected yet.

    Raises ValueError, without the URL's password, if it names no database we know.
    """
    url = _url(database_url)
    return Store(_engine(url, pool_size, _begin), _engine(url, _READERS, _begin_to_read))


def _url(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise ValueError("DATABASE_URL must look like sqlite:///path or postgresql://user@host/name") from None
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise ValueError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {url.drivername}://")
    if url.database in {None, "", ":memory:"}:
        raise ValueError("DATABASE_URL must name a file: sqlite:///path")
    return url


def _engine(url: URL, pool_size: int, begin: Callable[[Connection], None]) -> Engine:
    if url.drivername.startswith("sqlite"):
        # A connection may be made in one thread and closed in another; only one at a time ever uses it.
        arguments: dict[str, Any] = {"check_same_thread": False, "cached_statements": 256, "isolation_level": None}
    else:
        arguments = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
        arguments |= {"autocommit": True, "options": f"{_POSTGRESQL_OPTIONS} {url.query.get('options', '')}"}
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=0, pool_timeout=30, connect_args=arguments, hide_parameters=True
    )
    event.listen(engine, "handle_error", _translate)
    event.listen(engine, "begin", begin)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _translate(context: ExceptionContext) -> None:
    """What the engine itself meets: connecting, BEGIN, COMMIT."""
    driver = cast(ModuleType, context.dialect.loaded_dbapi)
    if isinstance(context.original_exception, driver.Error):
        failure = translated(context.original_exception, driver)
        if isinstance(failure, StorageUnavailable):
            raise failure


def _begin(connection: Connection) -> None:
    """Both drivers are in autocommit mode: we say ourselves where a transaction begins.

    On SQLite the lock for writing is taken at once: a transaction that has read could not wait for it any more.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "BEGIN")


def _begin_to_read(connection: Connection) -> None:
    """One moment of the database, whatever is written meanwhile; whoever tries to write here is refused.

    On SQLite readers wait for no writer, nor a writer for them.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    wanted = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{_CACHE_KILOBYTES}")
    for pragma in (f"busy_timeout={_BUSY_MILLISECONDS}", *wanted):
        connection.execute(f"PRAGMA {pragma}")


class Store:
    """One database. Safe to share between threads; each transaction belongs to one."""

    dialect: Literal["sqlite", "postgresql"]

    def __init__(self, engine: Engine, readers: Engine) -> None:
        self._engine = engine
        self._readers = readers
        self.dialect = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
        self._presence: Final[Presence] = (
            FilePresence(Path(f"{engine.url.database}-presence"))
            if self.dialect == "sqlite"
            else SessionPresence(self._pooled)
        )
        self._serving: Final = ServingLock(Path(str(engine.url.database))) if self.dialect == "sqlite" else None

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on the same database: replicas need a server."""
        return self.dialect == "postgresql"

    def migrate(self) -> None:
        """Bring the tables up to date. Several replicas may do so at once: one does it, the others wait.

        From then on until `close` nobody changes the tables in a way that this release does not survive.
        Raises StorageUnavailable, and SchemaMisfit where the tables cannot be brought up to date now.
        """
        from storage.migrations import upgrade  # noqa: PLC0415 - Alembic is slow to load, and needed only here

        self._make_folder()
        try:
            with self._rebuilding() as connection:
                upgrade(connection, self._presence)
            self._presence.stay()
        except BaseException:
            self._presence.leave()
            raise

    def stay_present(self) -> None:
        """Every few seconds after `migrate`, since a connection that dies takes with it that we are known to be alive.

        Raises StorageUnavailable, and SchemaMisfit if the tables were changed meanwhile: then this process must end.
        """
        self._presence.stay()

    def serve_alone(self) -> None:
        """Be the one that answers from a SQLite file, until `close`; replicas on a server need not be alone.

        Others may work on it meanwhile: the command line. Raises AlreadyServed, and StorageUnavailable.
        """
        if self._serving is not None:
            self._make_folder()
            self._serving.take()

    @property
    def url(self) -> URL:
        """Where it is; the password is in it."""
        return self._engine.url

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection without a transaction, for commands that cannot run in one. Raises StorageUnavailable."""
        with closing(self._pooled()) as connection:
            yield connection

    @contextmanager
    def without_others(self) -> Iterator[None]:
        """Nobody else is present, and nobody can be until the end. Raises OthersAlive, and StorageUnavailable."""
        try:
            if not self._presence.alone():
                raise OthersAlive("Another process uses this database. Stop every one, then try again.")
            yield
        finally:
            self._presence.leave()

    def ping(self) -> None:
        """Raises StorageUnavailable if the database does not answer."""
        if self.dialect == "postgresql":
            with self._connect():
                return
        # Without a transaction, which would wait for whoever is writing.
        with closing(self._pooled()) as connection:
            Rows(connection).command("PRAGMA schema_version")

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """Everything inside is committed together, or nothing. Raises StorageUnavailable."""
        with self._connect() as connection:
            try:
                yield Transaction(Rows(connection))
                connection.commit()
            except BaseException:
                with suppress(SQLAlchemyError, StorageError):
                    connection.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[SqlUnitOfWork]:
        """The database as it is at one moment, on a connection that keeps no writer waiting and waits for none.

        Raises StorageUnavailable, also for whoever writes.
        """
        with self._connect(self._readers) as connection:
            try:
                yield SqlUnitOfWork(Rows(connection))
            finally:
                with suppress(SQLAlchemyError, StorageError):
                    connection.rollback()

    def close(self) -> None:
        """Close what is idle; a transaction under way keeps its connection to its end."""
        self._presence.leave()
        self._readers.dispose()
        self._engine.dispose()
        if self._serving is not None:
            self._serving.leave()

    @contextmanager
    def _connect(self, engine: Engine | None = None) -> Iterator[Connection]:
        """A connection with its transaction begun."""
        connection = self._begun(engine)
        try:
            yield connection
        finally:
            with suppress(SQLAlchemyError, StorageError):
                connection.close()

    @contextmanager
    def _rebuilding(self) -> Iterator[Connection]:
        """A connection with its transaction begun, in which tables may be copied and dropped; closed afterwards.

        SQLite cannot drop a table that others point to unless foreign keys are off, which only works before BEGIN.
        """
        connection = self._pooled()
        try:
            # Out of the pool: nobody gets a connection that does not watch foreign keys.
            connection.detach()
            if self.dialect == "sqlite":
                Rows(connection).command("PRAGMA foreign_keys = OFF")
            connection.begin()
            if self.dialect == "postgresql":
                Rows(connection).command(_PATIENT)
            yield connection
        finally:
            with suppress(SQLAlchemyError, StorageError):
                connection.close()

    def _begun(self, engine: Engine | None) -> Connection:
        """A pooled connection may have died with its server: then BEGIN fails, which costs nothing but a second try.

        The pool has dropped all its old connections by then.
        """
        try:
            return _begin_on(self._pooled(engine))
        except _Died:
            return _begin_on(self._pooled(engine))

    def _pooled(self, engine: Engine | None = None) -> Connection:
        try:
            return (engine or self._engine).connect()
        except PoolExhausted as error:
            raise StorageUnavailable("all connections are busy") from error

    def _make_folder(self) -> None:
        if self.dialect == "sqlite":
            try:
                Path(str(self._engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageUnavailable(f"the folder of the database: {error.strerror}") from error


class _Died(StorageUnavailable):
    """A connection of the pool did not live to its next use."""


def _begin_on(connection: Connection) -> Connection:
    try:
        connection.begin()
    except StorageUnavailable as error:
        died = connection.invalidated
        connection.close()
        raise (_Died if died else StorageUnavailable)(*error.args) from error
    return connection


class Transaction:
    """A transaction under way."""

    __slots__ = ("rows", "unit")

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        #: The unit of work without a savepoint.
        self.unit = SqlUnitOfWork(rows)

    @contextmanager
    def savepoint(self) -> Iterator[SqlUnitOfWork]:
        """The unit of work, so that an exception undoes only what is done inside. May be nested."""
        with self.unit.savepoint():
            yield self.unit
