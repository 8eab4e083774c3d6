"""Owns the way into the database: messages and all other work, queued, committed in groups, answered after the commit.

Knows nothing of vendors or of what a message means.
"""

import asyncio
import os
import zlib
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final, TypeVar, cast

import structlog

from bot.batches import Job, Worker
from bot.metrics import Metrics
from bot.receiving import Outcome, Receiving, Retry
from handlers.messages import Address, IncomingMessage
from storage.engine import StorageUnavailable, Store
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

#: Messages that may wait before further ones are refused. Work of our own may wait in double that number, so that
#: what was sent is still settled while messages are refused.
WAITING_AT_MOST: Final = 10_000

#: A request that waited this long is refused: the vendor sends it again, and a repeat does no harm.
PATIENCE_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


class Intake:
    """Queue, workers and answers. Made closed: until `open` it refuses, as when the database is away."""

    def __init__(
        self,
        store: Store,
        receiving: Receiving,
        metrics: Metrics,
        *,
        workers: int | None = None,
        waiting_at_most: int = WAITING_AT_MOST,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._store = store
        self._receiving = receiving
        self._metrics = metrics
        self._count = workers or default_workers(store)
        self._waiting_at_most = waiting_at_most
        self._patience_seconds = patience_seconds
        self._workers: list[Worker] = []
        #: In the order of arrival.
        self._pending: dict[Job, None] = {}
        self._watch: asyncio.Task[None] | None = None
        #: Called after a commit that may have put something into the outbox.
        self.on_outbox: Callable[[], None] = _nothing
        #: Called after a commit that recorded attachments.
        self.on_media: Callable[[], None] = _nothing

    @property
    def is_open(self) -> bool:
        """Whether work is taken."""
        return bool(self._workers)

    def open(self) -> None:
        """Start the workers. In the running event loop, once the database answers."""
        self._workers = [
            Worker(self._store, name=f"intake-{number}", finished=self._finish) for number in range(self._count)
        ]
        self._watch = asyncio.create_task(self._refuse_the_overdue())

    async def close(self, grace_seconds: float = 2.0) -> None:
        """Take nothing more, finish what is queued; what is not done by then is refused, so that it comes again."""
        workers, self._workers = self._workers, []
        if self._watch is not None:
            self._watch.cancel()
        try:
            async with asyncio.timeout(grace_seconds):
                await asyncio.gather(*(worker.close() for worker in workers))
            # The last batch was reported before its worker ended.
        except TimeoutError:
            log.warning("the database did not finish in time", jobs=len(self._pending))
        self._refuse(list(self._pending), "the counter is closing")

    async def receive(self, message: IncomingMessage) -> None:
        """Handle one message; returns once that is committed, or at once committed before (a repeat).

        A message that cannot be handled is stored too, and tried again later: that is no error to the vendor.
        Raises StorageUnavailable if it could not be stored; the vendor is to send it again.
        """
        channel = message.address.channel
        try:
            outcome = await self._submit(
                lambda unit: self._receiving.handle(message, unit),
                rescue=lambda transaction, error: self._receiving.fail(message, error, transaction),
                key=key_of(message.address),
                at_most=self._waiting_at_most,
            )
        except Exception:
            self._metrics.received.labels(channel, "refused").inc()
            raise
        self._count_outcome(channel, cast(Outcome, outcome))
        if message.attachments:
            self.on_media()

    async def retry(self) -> bool:
        """Try the failed message that is due first; False if none is. Raises StorageUnavailable."""
        retry = Retry(self._receiving)
        outcome = cast(Outcome, await self._submit(retry.handle, rescue=retry.fail, key="", at_most=self._limit))
        if outcome is not Outcome.NOTHING and retry.message is not None:
            self._count_outcome(retry.message.address.channel, outcome)
            self.on_media()
        return outcome is not Outcome.NOTHING

    async def run(self, work: Callable[[SqlUnitOfWork], T], *, key: str = "") -> T:
        """Any other database work, in the same batches. Work with the same key is done in order.

        `work` may run twice if a transaction fails, so it changes nothing but the database.
        Raises what it raises, and StorageUnavailable.
        """
        return cast(T, await self._submit(work, rescue=None, key=key, at_most=self._limit))

    @property
    def _limit(self) -> int:
        return 2 * self._waiting_at_most

    async def _submit(
        self,
        work: Callable[[SqlUnitOfWork], object],
        *,
        rescue: Callable[..., object] | None,
        key: str,
        at_most: int,
    ) -> object:
        if not self._workers:
            raise StorageUnavailable("the counter is not open")
        if len(self._pending) >= at_most:
            raise StorageUnavailable("too much is waiting for the database")
        job = Job(work, asyncio.get_running_loop().create_future(), rescue)
        self._pending[job] = None
        self._worker(key).put(job)
        return await job.future

    def _worker(self, key: str) -> Worker:
        """The same worker for the same key; the idlest for none."""
        if len(self._workers) == 1:
            return self._workers[0]
        if not key:
            return min(self._workers, key=Worker.waiting)
        return self._workers[zlib.crc32(key.encode()) % len(self._workers)]

    def _finish(self, jobs: Sequence[Job], seconds: float) -> None:
        for job in jobs:
            self._pending.pop(job, None)
            job.resolve()
        if any(job.result in _WORTH_SENDING for job in jobs if job.rescue is not None):
            self.on_outbox()
        self._metrics.batch_size.observe(len(jobs))
        self._metrics.batch_seconds.observe(seconds)
        self._metrics.waiting.set(len(self._pending))

    def _count_outcome(self, channel: str, outcome: Outcome) -> None:
        self._metrics.received.labels(channel, outcome.value).inc()
        if outcome is Outcome.DEAD:
            self._metrics.dead_letters.labels(channel).inc()

    async def _refuse_the_overdue(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._patience_seconds))
            limit = monotonic() - self._patience_seconds
            overdue = [job for job in self._pending if job.queued_at < limit]
            if overdue:
                log.warning("the database is too slow; refusing what waits for it", jobs=len(overdue))
                self._refuse(overdue, "the database took too long")

    def _refuse(self, jobs: Sequence[Job], reason: str) -> None:
        for job in jobs:
            self._pending.pop(job, None)
            if not job.future.done():
                job.future.set_exception(StorageUnavailable(reason))


_WORTH_SENDING: Final = (Outcome.HANDLED, Outcome.DEAD)


def key_of(address: Address) -> str:
    """What keeps the work of one chat in order."""
    return f"{address.channel}:{address.value}"


def default_workers(store: Store) -> int:
    """SQLite has one writer; on PostgreSQL commits can wait for the disk side by side."""
    return 1 if store.dialect == "sqlite" else max(2, min(4, os.cpu_count() or 2))


def _nothing() -> None:
    """Nobody listens yet."""
