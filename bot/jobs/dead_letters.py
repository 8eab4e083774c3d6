"""Owns what is done again and again about what was given up: counted for the metrics, and told to administrators."""

from collections.abc import Callable, Mapping

from bot.clock import Clock
from bot.content.source import TownSource
from bot.database.queue import DatabaseQueue
from bot.jobs.sweeps import Every, Sweep
from bot.metrics import Metrics
from handlers.admin.dead_news import tell_of_dead_letters
from storage.unit_of_work import SqlUnitOfWork


class DeadLetterSweeps:
    """The sweeps, with the parts that they share."""

    def __init__(
        self, towns: TownSource, database: DatabaseQueue, clock: Clock, metrics: Metrics, wake: Callable[[], None]
    ) -> None:
        self._towns, self._database, self._clock = towns, database, clock
        self._metrics, self._wake = metrics, wake
        self.all = (Sweep("dead letters", Every(60), self.look),)

    async def look(self) -> None:
        """Count, and tell once a day at most."""
        town, now = self._towns.current, self._clock.now()

        def work(unit: SqlUnitOfWork) -> tuple[Mapping[str, int], int]:
            return unit.dead_letters.counts(), tell_of_dead_letters(unit, town, now)

        counts, told = await self._database.run(work)
        for what, number in counts.items():
            self._metrics.given_up.labels(what).set(number)
        if told:
            self._wake()
