"""What can go wrong in storage, without a word of what was stored.

StorageError
├── StorageUnavailable   the database is away, locked, full or read-only: try again later
├── BackupRefused        a copy cannot be made, or not be restored here; says why
├── StatementRefused     the database refused a statement: a bug, or a value that breaks a constraint
├── AlreadyServed        another process answers from this SQLite file
├── Unreadable           a row holds what this release does not understand: it is set apart, alone
└── SchemaMisfit         the tables do not fit this release, and were left as they are; says what to do
    ├── OthersAlive      they can be changed only while no other process uses them
    └── BrokenReferences a migration would have left rows that point to rows that are not there
"""

import sqlite3
from types import ModuleType
from typing import Final

#: Result codes of SQLite that blame the file, the disk or another connection, never the statement.
_SQLITE_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)

#: PostgreSQL: read_only_sql_transaction, idle_in_transaction_session_timeout; the rest comes as an operational error.
_SQLSTATES_AWAY: Final = frozenset({"25006", "25P03"})


class StorageError(Exception):
    """Root of what storage raises by itself."""


class StorageUnavailable(StorageError):
    """The database is away, locked, full or read-only; what was not committed is lost and can be done again."""


class BackupRefused(StorageError):
    """A copy of the database cannot be made, or cannot be restored here. Says why, to whoever wants it."""


class StatementRefused(StorageError):
    """The database refused a statement. Says which rule was broken, never the values."""


class AlreadyServed(StorageError):
    """Another process answers from this SQLite file. Says which, and what to do."""


class Unreadable(StorageError):
    """A row holds what this release does not understand. Says which part, never what it holds."""


class SchemaMisfit(StorageError):
    """The tables do not fit this release, and were left as they are. Says what to do, to whoever starts it."""


class OthersAlive(SchemaMisfit):
    """The tables can be changed only while no other process uses them, and one does."""


class BrokenReferences(SchemaMisfit):
    """A migration would have left rows that point to rows that are not there."""


def translated(error: Exception, driver: ModuleType) -> StorageError:
    """The driver's error in our words: only codes and rule names, since a driver quotes the values it was given."""
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error)
    sqlstate = getattr(error, "sqlstate", None)
    if isinstance(error, driver.OperationalError | driver.InterfaceError) or sqlstate in _SQLSTATES_AWAY:
        return StorageUnavailable(_first_line(error))
    diagnosis = getattr(error, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "column_name", None)
    # Class 42 blames the SQL, which is ours, and quotes only it.
    words = _first_line(error) if str(sqlstate).startswith("42") else None
    return StatementRefused(" ".join(filter(None, [type(error).__name__, sqlstate, rule, words])))


def _from_sqlite(error: sqlite3.Error) -> StorageError:
    # An error that Python itself raised has no code: a closed connection, a wrong number of values.
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF not in _SQLITE_AWAY:
        return StatementRefused(f"{type(error).__name__}: {error}")
    return StorageUnavailable(f"{error} ({getattr(error, 'sqlite_errorname', code)})")


def _first_line(error: Exception) -> str:
    """The server's own sentence; its DETAIL lines may quote values."""
    message = getattr(getattr(error, "diag", None), "message_primary", None)
    return str(message or error).partition("\n")[0] or type(error).__name__
