"""Owns where texts are read beside the transaction, and how many may wait for it. Knows no message and no chat."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Final

import structlog

from bot.inbound.reader_process import ReaderGone, ReaderProcess, ReadingFailed
from bot.metrics import Metrics
from faq.understanding import Found, Understanding, Wanted
from storage.engine import StorageUnavailable

#: Messages that may wait to be read before further ones are refused: some seconds of reading.
WAITING_AT_MOST: Final = 1_000
_LONGEST_PAUSE_SECONDS: Final = 60.0
#: A process that lived so long did not die of its start.
_LIVED_SECONDS: Final = 60.0

__all__ = ["Readers", "ReadingFailed"]

log = structlog.get_logger(__name__)


class Readers:
    """Reads texts in a process of their own, so that two cores are used and nobody here waits for arithmetic.

    While that process starts, gets to know changed content or is not wanted, a thread reads.
    """

    def __init__(self, metrics: Metrics, *, has_process: bool = False, waiting_at_most: int = WAITING_AT_MOST) -> None:
        self._metrics = metrics
        self._has_process = has_process
        self._waiting_at_most = waiting_at_most
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._process: ReaderProcess | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def prepare(self, understanding: Understanding) -> None:
        """Read by this library from now on; what it does not know any more is read by the thread."""
        if not self._has_process or (self._process and self._process.understanding is understanding):
            return
        await self._end_process()
        self._keeper = asyncio.create_task(self._keep(understanding))

    async def read(self, understanding: Understanding, wants: Sequence[Wanted]) -> Mapping[Wanted, Found]:
        """What each text means. Raises ReadingFailed, and StorageUnavailable where too much waits: it is to come again.

        Texts are answered in the order in which they came.
        """
        if self._waiting >= self._waiting_at_most:
            raise StorageUnavailable("too much is waiting to be read")
        self._waiting += 1
        begun_at = monotonic()
        try:
            return await self._read(understanding, wants)
        finally:
            self._waiting -= 1
            self._metrics.reading_seconds.observe(monotonic() - begun_at)

    async def stop(self) -> None:
        """End the process; what is asked later is read by the thread."""
        await self._end_process()
        self._has_process = False

    async def _read(self, understanding: Understanding, wants: Sequence[Wanted]) -> Mapping[Wanted, Found]:
        process = self._process
        if process is not None and process.understanding is understanding and process.is_ready:
            try:
                return await process.read(wants)
            except ReaderGone:
                log.warning("a text is read here, since the process that reads has ended")
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: {want: understanding.read(want) for want in wants}
            )
        except Exception as error:
            raise ReadingFailed("a text could not be read") from error

    async def _keep(self, understanding: Understanding) -> None:
        """A process that ends by itself is started again."""
        pause = 1.0
        while True:
            begun_at = monotonic()
            self._process = ReaderProcess(understanding)
            try:
                await self._process.run()
            except OSError as error:
                log.warning("the process that reads texts could not be started", exc_info=error)
            pause = 1.0 if monotonic() - begun_at > _LIVED_SECONDS else min(2 * pause, _LONGEST_PAUSE_SECONDS)
            log.warning("the process that reads texts has ended; another one is started", pause_seconds=pause)
            await asyncio.sleep(pause)

    async def _end_process(self) -> None:
        keeper, self._keeper, self._process = self._keeper, None, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
