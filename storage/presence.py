"""Tells the other processes on a database that this one is alive. Knows no revision and none of the product's tables.

A process is present from its migration to its end, however it ends: both kinds of presence vanish with the process. Who
wants to change the tables under everybody's feet asks first whether it is alone.
"""

import fcntl
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.errors import SchemaMisfit, StorageError, StorageUnavailable

#: Names our advisory lock on PostgreSQL.
_LOCK: Final = 0x5645_4E54_414C_4956

#: So that the server gives up a machine that vanished without a word after half a minute instead of two hours.
_NOTICES_THE_DEAD: Final = (
    "SELECT set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false),"
    " set_config('tcp_keepalives_count', '3', false)"
)
_REVISION: Final = "SELECT version_num FROM alembic_version"

_CHANGED: Final = (
    "The tables were changed by another release while this process was cut off from the database."
    " Start it again, from the release that changed them."
)


class Presence(Protocol):
    """Whether this process, and others, are alive on a database. `enter` and `alone` are called under the migration's
    own lock, so that two processes cannot wait for each other.
    """

    def alone(self) -> bool:
        """Whether nobody else is present; nobody else can enter then before we `enter` or `leave`."""

    def enter(self) -> None:
        """Be present. Raises StorageUnavailable."""

    def stay(self) -> None:
        """Be present again if that was lost. Raises StorageUnavailable, and SchemaMisfit if the tables were changed."""

    def leave(self) -> None:
        """Be present no more."""


class FilePresence:
    """A lock on a file beside the SQLite database; the system lets go of it when the process ends.

    Not on the database's own file: closing that would take SQLite's locks away from the whole process.
    """

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._file: int | None = None

    def alone(self) -> bool:
        """Whether nobody else is present."""
        return self._lock(fcntl.LOCK_EX)

    def enter(self) -> None:
        """Be present."""
        if not self._lock(fcntl.LOCK_SH):
            raise StorageUnavailable("another process is changing the tables")

    def stay(self) -> None:
        """A lock on a file is not lost."""

    def leave(self) -> None:
        """Be present no more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lock(self, kind: int) -> bool:
        try:
            if self._file is None:
                # Read-only is enough, and lets two users of the machine share a file that either of them made.
                self._file = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise StorageUnavailable(f"{self._path.name}: {error.strerror}") from error
        return True


class SessionPresence:
    """A lock that a session on PostgreSQL holds, on a connection of its own. May be used from several threads."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect: Final = connect
        self._connection: Connection | None = None
        self._is_alone = False
        self._is_wanted = False
        #: What stood in the tables while we were last seen.
        self._revision: str | None = None
        self._one_at_a_time: Final = threading.Lock()

    def alone(self) -> bool:
        """Whether nobody else is present."""
        with self._one_at_a_time:
            self._is_alone = bool(self._ask(f"SELECT pg_try_advisory_lock({_LOCK})"))
            return self._is_alone

    def enter(self) -> None:
        """Be present."""
        with self._one_at_a_time:
            self._enter()
            self._is_wanted = True

    def stay(self) -> None:
        """Be present again if the connection died; whoever was away may have missed a change of the tables."""
        with self._one_at_a_time:
            if not self._is_wanted or self._is_seen():
                return
            self._enter()
            found = self._ask(_REVISION)
            if self._revision not in {None, found}:
                # A process that must end holds up nobody.
                self._hang_up()
                raise SchemaMisfit(_CHANGED)

    def leave(self) -> None:
        """Be present no more."""
        with self._one_at_a_time:
            self._is_wanted, self._revision = False, None
            self._hang_up()

    def _enter(self) -> None:
        self._ask(f"SELECT pg_advisory_lock_shared({_LOCK})")
        if self._is_alone:
            self._ask(f"SELECT pg_advisory_unlock({_LOCK})")
            self._is_alone = False

    def _is_seen(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._revision = self._ask(_REVISION)
        except StorageUnavailable:
            return False
        return True

    def _ask(self, sql: str) -> Any:
        """The first cell. A connection that failed is given up, and its locks with it."""
        try:
            if self._connection is None:
                self._connection = self._connect()
                # Out of the pool, which has room for another then.
                self._connection.detach()
                self._ask(_NOTICES_THE_DEAD)
            with self._connection.begin():
                return self._connection.exec_driver_sql(sql).scalar()
        except BaseException:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        connection, self._connection, self._is_alone = self._connection, None, False
        if connection is not None:
            with suppress(SQLAlchemyError, StorageError):
                connection.close()
