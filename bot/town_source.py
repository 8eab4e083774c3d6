"""Owns which town is current: the content folder as it was last read and found sound. Knows no channel and no row."""

from pathlib import Path

from bot.clock import Clock, today
from faq.library import load
from handlers.town import Town


class TownSource:
    """Holds the town that everybody sees; a new one replaces it whole."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Raises ContentErrors with every mistake."""
        self._folder = folder
        self._clock = clock
        self._town = self._read()

    @property
    def current(self) -> Town:
        """The town as of now. Take it once for each piece of work."""
        return self._town

    def reload(self) -> None:
        """Read the folder anew and swap the town, if the folder is sound.

        Raises ContentErrors; the old town goes on then.
        """
        self._town = self._read()

    def _read(self) -> Town:
        return Town(load(self._folder, today=today(self._clock)))
