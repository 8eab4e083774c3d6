"""Lets one process at a time answer from a SQLite file. Knows no table, and not what answering is."""

import fcntl
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.errors import AlreadyServed, StorageUnavailable

#: Of what the holder wrote about itself.
_BYTES_READ: Final = 200


class ServingLock:
    """A lock on a file beside the database, with its holder's name in it; the system lets go of it when that ends.

    Not on the file of the presence: whoever works on the database beside the holder is present, too.
    """

    def __init__(self, database: Path) -> None:
        self._database: Final = database
        self._path: Final = Path(f"{database}-serving")
        self._file: int | None = None

    def take(self) -> None:
        """Hold it until `leave`; twice is once. Raises AlreadyServed, with the holder, and StorageUnavailable."""
        if self._file is not None:
            return
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StorageUnavailable(f"{self._path.name}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(file, _BYTES_READ, 0).decode(errors="replace")
            os.close(file)
            raise AlreadyServed(self._sentence(holder)) from error
        except OSError as error:
            os.close(file)
            raise StorageUnavailable(f"{self._path.name}: {error.strerror}") from error
        self._file = file
        _sign(file)

    def leave(self) -> None:
        """Let the next one have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _sentence(self, holder: str) -> str:
        return (
            f"{holder.strip() or 'Another process'} answers from {self._database} already, and only one may: two would"
            " send everything twice. Stop that one, or use PostgreSQL (DATABASE_URL) for several."
        )


def _sign(file: int) -> None:
    """The lock is what counts: a full disk only keeps others from being told whose it is."""
    with suppress(OSError):
        os.ftruncate(file, 0)
        os.pwrite(file, f"Process {os.getpid()} on {socket.gethostname()}".encode(), 0)
