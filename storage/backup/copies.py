"""Which way of copying belongs to which database."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.backup.contents import Contents, Copied
from storage.backup.postgresql import PostgresCopies
from storage.backup.sqlite import SqliteCopies
from storage.engine import Store


class Copies(Protocol):
    """Copies of one database."""

    @property
    def file_name(self) -> str:
        """What the copy's file is called."""

    def write(self, file: Path) -> Copied:
        """Copy all that is committed now, while others work. Raises BackupRefused, StorageUnavailable and OSError."""

    def refuse_unless_empty(self) -> None:
        """Raises BackupRefused where there are tables already, and StorageUnavailable."""

    def restore(self, file: Path, wanted: Contents, doubted_at: datetime | None) -> int:
        """Bring a copy into the empty database, and count it; either all of it is there afterwards, or nothing.

        doubted_at: what waited to be sent is uncertain from then on, and not sent; None leaves it waiting.
        How many rows are uncertain. Raises BackupRefused, OthersAlive, StorageUnavailable and OSError.
        """


def copies_of(store: Store) -> Copies:
    """The copies of a database."""
    return SqliteCopies(store) if store.dialect == "sqlite" else PostgresCopies(store)
