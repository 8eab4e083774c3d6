"""Copies of a PostgreSQL database, by pg_dump and pg_restore. Knows no table but Alembic's."""

import re
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import MetaData, bindparam, column, func, insert, select, table

from storage.backup.client import PostgresClient
from storage.backup.contents import REVISION_TABLE, Contents, Copied, contents_of, files_of, table_names
from storage.backup.settling import settle
from storage.engine import Store
from storage.errors import BackupRefused, StorageError
from storage.statements import Rows, Statement

_VERSION: Final = Statement(select(func.current_setting("server_version_num")))
_SNAPSHOT: Final = Statement(select(func.pg_export_snapshot()))
_STAND_AT: Final = Statement(
    insert(table(REVISION_TABLE, column("version_num"))).values(version_num=bindparam("revision"))
)
#: A dump takes as long as it takes; our own transaction waits for it meanwhile.
_PATIENT: Final = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
_REVISION_ROWS: Final = re.compile(rf"\bTABLE DATA \S+ {REVISION_TABLE}\b")


class PostgresCopies:
    """By PostgreSQL's own programs, in their custom format; what we count is the very snapshot that they copy."""

    file_name: Final = "database.pgdump"

    def __init__(self, store: Store) -> None:
        self._store: Final = store
        self._client: Final = PostgresClient(store.url)

    def write(self, file: Path) -> Copied:
        """Copy it to a new file. Raises BackupRefused, StorageUnavailable and OSError."""
        with self._store.connection() as connection:
            rows = Rows(connection)
            self._client.refuse_older_than(_major(rows), "pg_dump")
            for command in _PATIENT:
                rows.command(command)
            contents = contents_of(rows)
            if contents is None:
                raise BackupRefused("The database has no tables of ours yet.")
            self._client.on_database(
                "pg_dump",
                [
                    "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=30s",
                    f"--snapshot={rows.value(_SNAPSHOT)}", f"--file={file}",
                ],
            )  # fmt: skip
            copied = Copied(contents, files_of(rows))
            rows.command("COMMIT")
        return copied

    def refuse_unless_empty(self) -> None:
        """Raises BackupRefused where there are tables already, of whomever."""
        with self._store.connection() as connection:
            if names := table_names(Rows(connection)):
                raise BackupRefused(
                    f"The database has tables already ({names[0]}, ...): a backup is restored into an empty one only."
                )

    def restore(self, file: Path, wanted: Contents, doubted_at: datetime | None) -> int:
        """Alembic's row comes last, with what is settled: a `serve` finds all of it, or a database it refuses."""
        with self._store.without_others():
            self.refuse_unless_empty()
            with self._store.connection() as connection:
                self._client.refuse_older_than(_major(Rows(connection)), "pg_restore")
            self._restore_rows(file)
            try:
                with self._store.transaction() as transaction:
                    transaction.rows.run(_STAND_AT, revision=wanted.revision)
                    return settle(transaction, wanted, doubted_at)
            except BaseException:
                self._clear()
                raise

    def _restore_rows(self, file: Path) -> None:
        everything = self._client.on_file("pg_restore", ["--list", str(file)])
        listed = [line for line in everything.splitlines() if not _REVISION_ROWS.search(line)]
        with tempfile.NamedTemporaryFile("w", prefix="ventanilla-restore-", encoding="utf-8") as names:
            names.write("\n".join(listed))
            names.flush()
            self._client.on_database(
                "pg_restore",
                [
                    "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                    f"--use-list={names.name}", str(file),
                ],
            )  # fmt: skip

    def _clear(self) -> None:
        """It was empty before."""
        with suppress(StorageError), self._store.connection() as connection, connection.begin():
            made = MetaData()
            made.reflect(connection)
            made.drop_all(connection)


def _major(rows: Rows) -> int:
    return int(rows.value(_VERSION)) // 10_000
