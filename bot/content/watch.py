"""Owns the swap of the town while the counter runs: notices changed files, and tells what is wrong with them.

Knows no SQL and no channel; several replicas may tell the same, and it is said once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.content.source import Snapshot, TownSource
from bot.database.pieces import one_by_one
from bot.database.queue import DatabaseQueue
from faq.model import Problem
from faq.reading.errors import ContentErrors
from handlers.admin.news import News
from handlers.town.town import Town
from storage.unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)

#: What is to be told.
Tale = Callable[[News], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """Files that cannot be used."""

    problems: tuple[Problem, ...]
    #: Marks this state of the files.
    digest: str


class ContentWatch:
    """Looks at the content folder again and again. One look at a time."""

    def __init__(self, towns: TownSource, database: DatabaseQueue, clock: Clock, wake: Callable[[], None]) -> None:
        self.towns = towns
        self._database = database
        self._clock = clock
        self._wake = wake
        #: None while the files are sound.
        self.broken: Broken | None = None
        #: Called in the event loop after the town was swapped; what fails there is no concern of the content's.
        self.on_change: list[Callable[[], Awaitable[None]]] = []
        self._glimpse: Snapshot = towns.snapshot
        self._untold: list[Tale] = []

    async def look(self) -> None:
        """Read the files again where they have changed and nobody is writing at them just now."""
        seen = await asyncio.to_thread(self.towns.look)
        is_new, is_quiet = seen != self.towns.snapshot, seen == self._glimpse
        self._glimpse = seen
        if is_new and is_quiet:
            await self.read()
        await self._tell_all()

    async def read(self) -> None:
        """Read the files now, and swap the town if they are sound."""
        problems = await self.try_on()
        if problems:
            await self._is_broken(problems)

    async def try_on(self) -> tuple[Problem, ...]:
        """As read(), but what is wrong is told to the caller alone."""
        try:
            await asyncio.to_thread(self.towns.reload)
        except ContentErrors as error:
            return error.problems
        if self.broken is not None:
            digest = self.broken.digest
            self._untold.append(lambda news: news.mended(digest))
        self.broken = None
        log.info("the content was read anew", articles=len(self.towns.current.library.sources))
        await self._announce()
        return ()

    async def _announce(self) -> None:
        for hear in self.on_change:
            try:
                await hear()
            except Exception as error:
                log.error("a part of the counter did not take in the new content", exc_info=error)

    async def tell(self, tale: Tale) -> None:
        """Tell now, or as soon as the database answers."""
        self._untold.append(tale)
        await self._tell_all()

    async def _is_broken(self, problems: tuple[Problem, ...]) -> None:
        digest = await asyncio.to_thread(self.towns.digest)
        self.broken = Broken(problems, digest)
        log.warning("the content has mistakes; the old one goes on", mistakes=len(problems))
        self._untold.append(lambda news: news.broken(problems, digest))

    async def _tell_all(self) -> None:
        tales, town, now = list(self._untold), self.towns.current, self._clock.now()
        if not tales:
            return
        await self._database.run(lambda unit: _tell(unit, town, now, tales))
        self._untold = self._untold[len(tales) :]
        self._wake()


def _tell(unit: SqlUnitOfWork, town: Town, now: datetime, tales: Sequence[Tale]) -> None:
    news = News(unit, town, now)
    one_by_one(unit, tales, lambda tale: tale(news), what="news of the content")
