"""Owns the note of which sends have begun, in a file that outlives the process. Knows no vendor and no database.

A row is claimed in the database before it is sent. When a process is killed, what it had claimed may have arrived, or
may never have left: this note tells the two apart, so that only what was really on its way is in doubt. The note is
written into memory that belongs to the file: it costs nothing like a write to the disk, survives a process that is
killed, and is not believed after the machine itself went down.
"""

import fcntl
import mmap
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

#: Rows that can be noted at once. A row without a place is in no note; then none is believed.
PLACES: Final = 1024

_OWNER_BYTES: Final = 16
_BOOT_BYTES: Final = 36
_HEAD_BYTES: Final = _OWNER_BYTES + _BOOT_BYTES + 1
_ROW_BYTES: Final = 8
_SIZE: Final = _HEAD_BYTES + PLACES * _ROW_BYTES

#: Linux: another one each time the machine starts.
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A process that kept its note in the same file, and is gone."""

    #: As it stands in its claims.
    owner: str
    #: The rows that it had begun to send, and not settled.
    begun: frozenset[int]


class BegunSends:
    """The note of this process. Without a file of its own nothing is noted, and all that is claimed counts as begun."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._file: int | None = None
        self._map: mmap.mmap | None = None
        self._places: dict[int, int] = {}
        self._free: list[int] = []
        self._is_full = False

    def open(self, path: Path) -> Predecessor | None:
        """Take the file over from whoever is gone; what they left, None where that is not known.

        Where another process that is alive keeps its note there, or there is no writing to it, none is kept.
        """
        try:
            left = self._take_over(path)
        except OSError as error:
            log.warning("no note is kept of what is being sent", reason=error.strerror)
            self.close()
            return None
        self._free = list(range(PLACES))
        return left

    def begin(self, row_id: int) -> None:
        """Before the first byte leaves."""
        if self._map is None:
            return
        if not self._free:
            self._distrust()
            return
        place = self._places[row_id] = self._free.pop()
        self._write(place, row_id)

    def end(self, row_ids: Iterable[int]) -> None:
        """What became of them is committed."""
        for row_id in row_ids:
            place = self._places.pop(row_id, None)
            if place is not None and self._map is not None:
                self._write(place, 0)
                self._free.append(place)

    def close(self) -> None:
        """Let go of the file; the note stays in it."""
        if self._map is not None:
            self._map.close()
        if self._file is not None:
            os.close(self._file)
        self._map = self._file = None

    def _take_over(self, path: Path) -> Predecessor | None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left = _read(os.pread(self._file, _SIZE, 0))
        os.ftruncate(self._file, 0)
        # Real blocks: a hole that cannot be filled when the disk is full would end the process.
        os.pwrite(self._file, _head(self._owner) + bytes(PLACES * _ROW_BYTES), 0)
        self._map = mmap.mmap(self._file, _SIZE)
        return left

    def _write(self, place: int, row_id: int) -> None:
        start = _HEAD_BYTES + place * _ROW_BYTES
        if self._map is not None:
            self._map[start : start + _ROW_BYTES] = row_id.to_bytes(_ROW_BYTES, "big")

    def _distrust(self) -> None:
        """More is being sent than can be noted: the note says so, rather than too little."""
        if self._map is not None and not self._is_full:
            self._is_full = True
            self._map[_HEAD_BYTES - 1] = 1


def _head(owner: str) -> bytes:
    return owner.encode().ljust(_OWNER_BYTES, b"\0")[:_OWNER_BYTES] + _boot() + b"\0"


def _read(content: bytes) -> Predecessor | None:
    """What is noted; None where it is damaged, or from before the machine went down."""
    if len(content) != _SIZE or content[_OWNER_BYTES : _HEAD_BYTES - 1] != _boot() or content[_HEAD_BYTES - 1]:
        return None
    rows = (content[start : start + _ROW_BYTES] for start in range(_HEAD_BYTES, _SIZE, _ROW_BYTES))
    begun = frozenset(int.from_bytes(row, "big") for row in rows) - {0}
    return Predecessor(content[:_OWNER_BYTES].rstrip(b"\0").decode("ascii", "replace"), begun)


def _boot() -> bytes:
    try:
        told = _BOOT_ID.read_bytes().strip()
    except OSError:
        told = b""
    # Where the system does not tell, no note is believed: nothing read later is equal to chance.
    return (told or os.urandom(_BOOT_BYTES // 2).hex().encode()).ljust(_BOOT_BYTES, b"-")[:_BOOT_BYTES]
