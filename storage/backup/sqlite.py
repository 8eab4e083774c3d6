"""Copies of a SQLite file, by SQLite itself. Knows no table."""

import os
import shutil
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from storage.backup.contents import Contents, Copied, contents_of, files_of, table_names
from storage.backup.settling import settle
from storage.engine import Store, open_store
from storage.errors import BackupRefused
from storage.statements import Rows

#: What may lie beside a SQLite file and belongs to it.
_COMPANIONS: Final = ("-wal", "-shm", "-journal")


class SqliteCopies:
    """By VACUUM INTO: one reading transaction, for which no writer waits.

    SQLite's other way, its backup API, starts anew whenever another process writes in between, or holds what it reads
    just as long; and it copies the free pages, too, in which what was forgotten may still stand.
    """

    file_name: Final = "database.sqlite"

    def __init__(self, store: Store) -> None:
        self._store: Final = store
        self._path: Final = Path(str(store.url.database))

    def write(self, file: Path) -> Copied:
        """Copy it to a new file. Raises BackupRefused, StorageUnavailable and OSError."""
        if not self._path.is_file():
            raise BackupRefused(f"There is no database at {self._path}.")
        with self._store.connection() as connection:
            Rows(connection).command(f"VACUUM INTO '{_quoted(file)}'")
        # Counted in the copy: that is what will be restored.
        with closing(_opened(file)) as copy, copy.transaction() as transaction:
            contents = contents_of(transaction.rows)
            if contents is None:
                raise BackupRefused(f"{self._path} is no database of ours, or has no tables yet.")
            copied = Copied(contents, files_of(transaction.rows))
        # SQLite does not wait for the disk here.
        _wait_for_disk(file)
        return copied

    def refuse_unless_empty(self) -> None:
        """Raises BackupRefused where there are tables already."""
        if left := [name for name in _COMPANIONS if self._beside(name).exists() and not self._path.exists()]:
            raise BackupRefused(f"{self._beside(left[0])} belongs to a database that is not there. Move it away first.")
        if not self._path.exists():
            return
        # Closed at once: what is put in its place must not meet a log of the old one.
        with closing(_opened(self._path)) as store, store.connection() as connection:
            if table_names(Rows(connection)):
                raise BackupRefused(f"{self._path} is in use: a backup is restored into an empty place only.")

    def restore(self, file: Path, wanted: Contents, doubted_at: datetime | None) -> int:
        """Beside its place, and moved there when all is done."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._beside("-restoring")
        try:
            with self._store.without_others():
                self.refuse_unless_empty()
                shutil.copyfile(file, new)
                with closing(_opened(new)) as store, store.transaction() as transaction:
                    doubted = settle(transaction, wanted, doubted_at)
                _wait_for_disk(new)
                new.replace(self._path)
                _wait_for_disk(self._path.parent)
                return doubted
        finally:
            for name in ("", *_COMPANIONS):
                with suppress(OSError):
                    Path(f"{new}{name}").unlink()

    def _beside(self, name: str) -> Path:
        return Path(f"{self._path}{name}")


def _opened(file: Path) -> Store:
    return open_store(f"sqlite:///{file}")


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")


def _wait_for_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
