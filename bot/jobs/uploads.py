"""Owns the forgetting of uploads that no message named. Knows no channel."""

from datetime import timedelta
from typing import Final

import structlog

from bot.attachments.store import FileStore
from bot.clock import Clock
from bot.jobs.slices import Slices
from bot.jobs.sweeps import Every, Sweep
from bot.metrics import Metrics

#: A message names its files within minutes of their upload.
KEPT: Final = timedelta(hours=1)

#: Files in one slice, and slices in one ring; the rest waits for the next.
_SLICE: Final = 100
_SLICES: Final = 20

log = structlog.get_logger(__name__)


class UploadSweep:
    """Forgets them: the file first, so that a process killed in between finds it again by its row."""

    def __init__(self, slices: Slices, files: FileStore, clock: Clock, metrics: Metrics) -> None:
        self._slices, self._files, self._clock, self._metrics = slices, files, clock, metrics
        self.all = (Sweep("forget uploads", Every(300), self.forget),)

    async def forget(self) -> None:
        """Slice by slice, until none is left or none can be taken away."""
        before = self._clock.now() - KEPT
        for _ in range(_SLICES):
            keys = await self._slices.run(lambda unit: unit.uploads.unnamed(before, _SLICE))
            gone = [key for key in keys if await self._is_gone(key)]
            if gone:
                await self._slices.run(lambda unit, gone=gone: unit.uploads.forget(gone))  # type: ignore[misc]
                self._metrics.forgotten.labels("uploads").inc(len(gone))
            if len(gone) < _SLICE:
                return

    async def _is_gone(self, key: str) -> bool:
        try:
            await self._files.delete(key)
        except FileNotFoundError:
            return True
        except OSError as error:
            log.warning("an upload could not be taken away; it is tried again", exc_info=error)
            return False
        return True
