"""Owns what is done again and again about the content: files, changes from the chat, what grows old, the digest."""

from collections.abc import Callable
from typing import Final

from bot.clock import Clock
from bot.content_changes import ContentApplier
from bot.content_files import ContentFiles
from bot.content_watch import ContentWatch
from bot.intake import Intake
from bot.sweeps import Sweep
from bot.town_source import TownSource
from handlers.admin.news import News

#: Changed files are noticed within two looks: the second makes sure that nobody is still writing.
_LOOK_SECONDS: Final = 2


class ContentSweeps:
    """The sweeps, with the parts that they share."""

    def __init__(self, towns: TownSource, intake: Intake, clock: Clock, wake: Callable[[], None]) -> None:
        self._towns, self._intake, self._clock, self._wake = towns, intake, clock, wake
        self.watch = ContentWatch(towns, intake, clock, wake)
        self.applier = ContentApplier(ContentFiles(towns.folder), self.watch, intake, clock)
        self.all = (
            Sweep("content", _LOOK_SECONDS, self.look),
            Sweep("expired answers", 3600, self.tell_expired),
            Sweep("weekly digest", 600, self.tell_digest),
        )

    async def look(self) -> None:
        """Carry out what was changed in the chat, then see what was changed by hand."""
        await self.applier.apply()
        await self.watch.look()

    async def tell_expired(self) -> None:
        """Articles whose day has passed, once each."""
        town, now = self._towns.current, self._clock.now()
        day = now.astimezone(town.calendar.zone).date()
        if await self._intake.run(lambda unit: News(unit, town, now).expired(day)):
            self._wake()

    async def tell_digest(self) -> None:
        """What people asked in vain, on Mondays."""
        town, now = self._towns.current, self._clock.now()
        if await self._intake.run(lambda unit: News(unit, town, now).weekly()):
            self._wake()
