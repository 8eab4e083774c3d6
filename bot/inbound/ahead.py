"""Owns what is found out for a message beside the transaction that handles it. Knows no message and no chat."""

from dataclasses import dataclass, field

from bot.database.looks import Looks
from bot.inbound.readers import Readers, ReadingFailed
from handlers.lookups import Lookups, NotLookedUp
from handlers.town.reading import Readings, Unread
from storage.engine import StorageUnavailable


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of one message so far."""

    readings: Readings = field(default_factory=Readings)
    lookups: Lookups = field(default_factory=Lookups)

    def close(self) -> None:
        """From here on whatever is not known is found out in the transaction."""
        self.readings.close()
        self.lookups.close()


def missing(error: Exception) -> Unread | NotLookedUp | None:
    """What an error says is to be found out first: that is no failure, and nothing is written down of it."""
    match error:
        case Unread():
            return Unread(error.understanding, error.wants)
        case NotLookedUp():
            return NotLookedUp(error.what, error.read)
        case _:
            return None


class Scouts:
    """Find it out."""

    def __init__(self, readers: Readers, looks: Looks) -> None:
        self._readers = readers
        self._looks = looks

    async def find_out(self, wanted: Unread | NotLookedUp, ahead: Ahead) -> None:
        """What cannot be found out fails where it is asked for. Raises StorageUnavailable."""
        if isinstance(wanted, NotLookedUp):
            await self._look_up(wanted, ahead.lookups)
            return
        try:
            ahead.readings.put(wanted.understanding, await self._readers.read(wanted.understanding, wanted.wants))
        except ReadingFailed as error:
            ahead.readings.fail(error)

    async def _look_up(self, wanted: NotLookedUp, lookups: Lookups) -> None:
        try:
            lookups.put(wanted.what, await self._looks.run(wanted.read))
        except StorageUnavailable:
            raise
        except Exception as error:
            lookups.fail(error)
