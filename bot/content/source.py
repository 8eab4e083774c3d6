"""Owns which town is current: the content folder as it was last read and found sound. Knows no channel and no row."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot.clock import Clock, today
from faq.reading.library import load
from handlers.town.town import Town

#: Each file below the content folder: when it was changed, and its size.
Snapshot = Mapping[str, tuple[int, int]]


class TownSource:
    """Holds the town that everybody sees; a new one replaces it whole."""

    def __init__(self, folder: Path, clock: Clock, *, model: str = "auto") -> None:
        """Raises ContentErrors with every mistake."""
        self.folder = folder
        self._clock = clock
        self._model = model
        #: The files as they were just before they were last read.
        self.snapshot = self.look()
        self._town = self._read()

    @property
    def current(self) -> Town:
        """The town as of now. Take it once for each piece of work."""
        return self._town

    def look(self) -> Snapshot:
        """The files as they are, hidden ones aside. Takes no lock and reads no file."""
        found: dict[str, tuple[int, int]] = {}
        for path in self.folder.rglob("*"):
            parts = path.relative_to(self.folder).parts
            if any(part.startswith(".") for part in parts):
                continue
            try:
                about = path.stat()
            except OSError:
                continue
            if path.is_file():
                found["/".join(parts)] = (about.st_mtime_ns, about.st_size)
        return found

    def digest(self) -> str:
        """A short name for what stands in the files now."""
        told = hashlib.sha256()
        for name in sorted(self.look()):
            told.update(name.encode("utf-8", "surrogateescape") + b"\0")
            try:
                told.update(hashlib.sha256((self.folder / name).read_bytes()).digest())
            except OSError:
                told.update(b"unreadable")
        return told.hexdigest()[:16]

    def reload(self) -> None:
        """Read the folder anew and swap the town, if the folder is sound.

        Raises ContentErrors; the old town goes on then.
        """
        self.snapshot = self.look()
        self._town = self._read()

    def _read(self) -> Town:
        return Town(load(self.folder, today=today(self._clock)), model=self._model)
