"""Owns group commit: jobs that wait together share one transaction, a savepoint each. Knows no job's meaning."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from time import monotonic, perf_counter
from typing import Any, Final

import structlog

from storage.engine import StorageUnavailable, Store, Transaction
from storage.unit_of_work import SqlUnitOfWork

#: Jobs in one transaction: enough to share the cost of a commit, few enough to keep the last one's wait short.
AT_MOST: Final = 64

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Job:
    """One piece of database work and the future that waits for it.

    `work` may run more than once (a transaction that fails is tried again), so it changes nothing but the database.
    """

    work: Callable[[SqlUnitOfWork], Any]
    #: Resolved in the event loop, after the commit.
    future: "asyncio.Future[Any]"
    #: What to write instead, in the same transaction, when `work` raised; its result counts as the job's.
    rescue: Callable[[Transaction, Exception], Any] | None = None
    #: Called in the event loop with what was committed, whether or not anybody still waits for it.
    committed: Callable[[Any], None] | None = None
    #: Work with the same key is done in order.
    key: str = ""
    queued_at: float = field(default_factory=monotonic)
    result: Any = None
    error: Exception | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self) -> bool:
        """Whether it is the caller's: true once, for the worker that does it or for whoever refuses it before that.

        So what was refused is never done, and what is being done is never called refused.
        """
        return self._turn.acquire(blocking=False)

    def run(self, transaction: Transaction) -> None:
        """Do the work in its own savepoint. Raises StorageUnavailable only: the whole transaction is lost then."""
        self.result = self.error = None
        try:
            with transaction.savepoint() as unit:
                self.result = self.work(unit)
        except StorageUnavailable:
            raise
        except Exception as error:
            self._recover(transaction, error)

    def _recover(self, transaction: Transaction, error: Exception) -> None:
        if self.rescue is None:
            self.error = error
            return
        try:
            self.result = self.rescue(transaction, error)
        except StorageUnavailable:
            raise
        except Exception as second:
            log.error("a failed job could not be recorded", exc_info=second)
            self.error = StorageUnavailable("neither done nor recorded")

    def resolve(self) -> None:
        """Tell whoever waits. In the event loop; nobody waits any more where the request was given up."""
        if self.error is None and self.committed is not None:
            self.committed(self.result)
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Worker:
    """One thread, one transaction at a time. `finished` is called in the event loop once a batch."""

    def __init__(self, store: Store, *, name: str, finished: Callable[[Sequence[Job], float], None]) -> None:
        self._store = store
        #: Whoever writes beside us locks rows in the same order: nobody waits for each other in a circle.
        self._sorts = store.is_shared
        self._finished = finished
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._has_ended = asyncio.Event()
        # A daemon, so that a database call that hangs cannot hold up the end of the process.
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def put(self, job: Job) -> None:
        """Queue a job; from the event loop."""
        self._queue.put(job)

    def waiting(self) -> int:
        """About how many jobs wait."""
        return self._queue.qsize()

    async def close(self) -> None:
        """Take nothing after what is queued, and wait until that is done."""
        self._queue.put(None)
        await self._has_ended.wait()

    def _work(self) -> None:
        while waiting := self._next():
            begun_at = perf_counter()
            if jobs := [job for job in waiting if job.take()]:
                if self._sorts:
                    jobs.sort(key=_key)
                self._run(jobs)
                self._tell(self._finished, jobs, perf_counter() - begun_at)
        self._tell(self._has_ended.set)

    def _next(self) -> list[Job]:
        """What waits now, at least one, refused or not; empty once closed."""
        first = self._queue.get()
        if first is None:
            return []
        jobs = [first]
        while len(jobs) < AT_MOST and not self._queue.empty():
            if (job := self._queue.get()) is None:
                self._queue.put(None)
                break
            jobs.append(job)
        return jobs

    def _tell(self, callback: Callable[..., object], *values: object) -> None:
        # The loop is closed only when nobody waits any more.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback, *values)

    def _run(self, jobs: list[Job]) -> None:
        try:
            self._commit(jobs)
        except Exception as error:
            log.warning("a transaction failed; its jobs are tried one by one", jobs=len(jobs), exc_info=error)
            self._run_one_by_one(jobs)

    def _commit(self, jobs: Sequence[Job]) -> None:
        with self._store.transaction() as transaction:
            for job in jobs:
                job.run(transaction)

    def _run_one_by_one(self, jobs: Sequence[Job]) -> None:
        for index, job in enumerate(jobs):
            try:
                self._commit([job])
            except Exception as error:
                self._give_up(job, error)
                if isinstance(error, StorageUnavailable) and not self._is_there():
                    for other in jobs[index + 1 :]:
                        other.error = error
                    return

    def _give_up(self, job: Job, error: Exception) -> None:
        """A job that spoils even a transaction of its own: record that, unless it is the database that is away."""
        job.result, job.error = None, error
        if isinstance(error, StorageUnavailable) or job.rescue is None:
            return
        try:
            with self._store.transaction() as transaction:
                job.result = job.rescue(transaction, error)
            job.error = None
        except Exception as second:
            log.warning("a failed job could not be recorded", exc_info=second)

    def _is_there(self) -> bool:
        try:
            self._store.ping()
        except Exception:
            return False
        return True


def _key(job: Job) -> str:
    return job.key
