"""Owns the forgetting of what is not to be kept any longer, rows and files. Knows no SQL; the rules are data."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog

from bot.attachments.store import FileStore
from bot.clock import Clock
from bot.content.source import TownSource
from bot.database.queue import DatabaseQueue
from bot.jobs.slices import Slices
from bot.jobs.sweeps import Every, Sweep
from bot.metrics import Metrics
from storage.retention import RULES, Rule

#: Rows in one transaction: some milliseconds.
ROWS_AT_MOST: Final = 200
#: Files between two looks at the database.
_FILES_AT_MOST: Final = 50

log = structlog.get_logger(__name__)


class Forgetting:
    """A sweep for each rule, and one for the files whose rows are gone."""

    def __init__(
        self,
        database: DatabaseQueue,
        slices: Slices,
        files: FileStore,
        towns: TownSource,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._slices = slices
        self._files = files
        self._towns = towns
        self._clock = clock
        self._metrics = metrics
        self.all: Sequence[Sweep] = [
            *(Sweep(f"forget {rule.name}", Every(3600), partial(self.forget, rule)) for rule in RULES),
            Sweep("delete files", Every(600), self.delete_files),
        ]

    async def forget(self, rule: Rule) -> None:
        """Until nothing is left whose term is over."""
        now = self._clock.now()
        before = now - rule.term.lasts(self._towns.current.city)
        forgotten = ROWS_AT_MOST
        while forgotten == ROWS_AT_MOST:
            forgotten = await self._slices.run(lambda unit: unit.forgetting.slice(rule, before, now, ROWS_AT_MOST))
            self._metrics.forgotten.labels(rule.name).inc(forgotten)

    async def delete_files(self) -> None:
        """Delete what no row names any more; what the store does not delete now stays noted, for the next time."""
        after, failed = 0, 0
        while found := await self._discarded(after):
            after = found[-1][0]
            gone = [number for number, key in found if await self._is_deleted(key)]
            await self._note_deleted(gone)
            self._metrics.forgotten.labels("files").inc(len(gone))
            failed += len(found) - len(gone)
        if failed:
            log.warning("files could not be deleted; they are tried again", files=failed)

    async def _discarded(self, after: int) -> Sequence[tuple[int, str]]:
        return await self._database.run(lambda unit: unit.forgetting.discarded(after, _FILES_AT_MOST))

    async def _note_deleted(self, numbers: Sequence[int]) -> None:
        await self._database.run(lambda unit: unit.forgetting.deleted(numbers))

    async def _is_deleted(self, key: str) -> bool:
        try:
            await self._files.delete(key)
        except (OSError, TimeoutError) as error:
            log.debug("a file could not be deleted", exc_info=error)
            return False
        return True
