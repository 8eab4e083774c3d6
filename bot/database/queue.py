"""Owns the one queue of work for the database: taken as it comes, committed in groups, answered after the commit.

Knows nothing of messages, or of what a piece of work means.
"""

import asyncio
import os
import zlib
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final, TypeVar, cast

import structlog

from bot.database.workers import Job, Worker
from bot.metrics import Metrics
from storage.engine import StorageUnavailable, Store, Transaction
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

#: Pieces of work from outside that may wait before further ones are refused. Our own may wait in double that number, so
#: that what was sent is still settled while messages are refused.
WAITING_AT_MOST: Final = 10_000

#: Work that waited this long is refused: whoever wanted it may come again.
PATIENCE_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


class DatabaseQueue:
    """Queue, workers and answers. Made closed: until `open` it refuses, as when the database is away."""

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        *,
        workers: int | None = None,
        waiting_at_most: int = WAITING_AT_MOST,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._count = workers or default_workers(store)
        self._waiting_at_most = waiting_at_most
        self._patience_seconds = patience_seconds
        self._workers: list[Worker] = []
        #: In the order of arrival.
        self._pending: dict[Job, None] = {}
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether work is taken."""
        return bool(self._workers)

    def open(self) -> None:
        """Start the workers. In the running event loop, once the database answers."""
        self._workers = [
            Worker(self._store, name=f"database-{number}", finished=self._finish) for number in range(self._count)
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
        self._refuse("the counter is closing", list(self._pending))
        # What is under way may still be committed, or not: the vendor asks again, and the inbox knows.
        self._forget("the database did not answer before the counter closed", list(self._pending))

    async def run(self, work: Callable[[SqlUnitOfWork], T], *, key: str = "") -> T:
        """What `work` returns, once it is committed. Work with the same key is done in order.

        `work` may run twice if a transaction fails, so it changes nothing but the database.
        Raises what it raises, and StorageUnavailable; where that says "refused", it was not done and never will be.
        """
        job = Job(work, asyncio.get_running_loop().create_future(), key=key)
        return cast(T, await self._submit(job, 2 * self._waiting_at_most))

    async def run_rescued(
        self,
        work: Callable[[SqlUnitOfWork], T],
        *,
        rescue: Callable[[Transaction, Exception], T],
        key: str = "",
        is_from_outside: bool = False,
        committed: Callable[[T], None] | None = None,
    ) -> T:
        """The same for work whose failure is written down by `rescue`, in the same transaction; its result counts then.

        is_from_outside: refused earlier, so that the house can still do its own.
        committed: called with the result in the event loop, even where whoever asked does not wait any more.
        """
        told = cast("Callable[[Any], None]", committed)
        job = Job(work, asyncio.get_running_loop().create_future(), rescue, told, key)
        return cast(T, await self._submit(job, self._waiting_at_most * (1 if is_from_outside else 2)))

    async def _submit(self, job: Job, at_most: int) -> object:
        if not self._workers:
            raise StorageUnavailable("the counter is not open")
        if len(self._pending) >= at_most:
            raise StorageUnavailable("too much is waiting for the database")
        self._pending[job] = None
        self._worker(job.key).put(job)
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
        self._metrics.batch_size.observe(len(jobs))
        self._metrics.batch_seconds.observe(seconds)
        self._metrics.waiting.set(len(self._pending))

    async def _refuse_the_overdue(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._patience_seconds))
            limit = monotonic() - self._patience_seconds
            overdue = [job for job in self._pending if job.queued_at < limit]
            if refused := self._refuse("the database took too long", overdue):
                log.warning("the database is too slow; refusing what waits for it", jobs=refused)

    def _refuse(self, reason: str, jobs: Sequence[Job]) -> int:
        """Refuse those that no worker has begun; how many. What is being done is awaited to its end."""
        refused = [job for job in jobs if job.take()]
        self._forget(f"refused: {reason}", refused)
        return len(refused)

    def _forget(self, reason: str, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._pending.pop(job, None)
            if not job.future.done():
                job.future.set_exception(StorageUnavailable(reason))


def default_workers(store: Store) -> int:
    """SQLite has one writer; on PostgreSQL commits can wait for the disk side by side."""
    return 1 if store.dialect == "sqlite" else max(2, min(4, os.cpu_count() or 2))
