"""Owns what is done again and again about the content: files, changes from the chat, what grows old, the digest."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from bot.clock import Clock
from bot.content.apply import ContentApplier
from bot.content.folder import ContentFiles
from bot.content.source import TownSource
from bot.content.watch import ContentWatch
from bot.database.looks import Looks
from bot.database.pieces import one_by_one
from bot.database.queue import DatabaseQueue
from bot.jobs.sweeps import At, Every, Sweep
from handlers.admin.news import News, asked_in_vain, expired_by_day
from handlers.town.town import Town
from storage.unit_of_work import SqlUnitOfWork

#: Changed files are noticed within two looks: the second makes sure that nobody is still writing.
_LOOK_SECONDS: Final = 2


class ContentSweeps:
    """The sweeps, with the parts that they share."""

    def __init__(
        self, towns: TownSource, database: DatabaseQueue, looks: Looks, clock: Clock, wake: Callable[[], None]
    ) -> None:
        self._towns, self._database, self._looks, self._clock, self._wake = towns, database, looks, clock, wake
        self.watch = ContentWatch(towns, database, clock, wake)
        self.applier = ContentApplier(ContentFiles(towns.folder), self.watch, database, clock)
        self.all = (
            Sweep("content", Every(_LOOK_SECONDS), self.look),
            Sweep("expired answers", Every(3600), self.tell_expired),
            Sweep("weekly digest", At("0 9 * * mon"), self.tell_digest),
        )

    async def look(self) -> None:
        """Carry out what was changed in the chat, then see what was changed by hand."""
        await self.applier.apply()
        await self.watch.look()

    async def tell_expired(self) -> None:
        """Articles whose day has passed, once each."""
        town, now = self._towns.current, self._clock.now()
        day = now.astimezone(town.calendar.zone).date()
        await self._database.run(lambda unit: _tell_expired(unit, town, now, day))
        self._wake()

    async def tell_digest(self) -> None:
        """What people asked in vain, on Mondays."""
        town, now = self._towns.current, self._clock.now()
        # Putting them together takes long, and nobody waits for it.
        asked = await self._looks.run(lambda unit: asked_in_vain(unit, now))
        if await self._database.run(lambda unit: News(unit, town, now).weekly(asked)):
            self._wake()


def _tell_expired(unit: SqlUnitOfWork, town: Town, now: datetime, day: date) -> None:
    news = News(unit, town, now)
    expired = expired_by_day(town, day).items()
    one_by_one(unit, expired, lambda each: news.expired(*each), what="expired answers")
