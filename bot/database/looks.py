"""Owns what is only read: on connections of its own, beside the writer. Knows not what is looked for."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from storage.engine import StorageUnavailable, Store
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

#: Looks at the same time; the others wait in the order in which they came.
_AT_ONCE: Final = 2
#: Looks that may wait before further ones are refused.
WAITING_AT_MOST: Final = 1_000


class Looks:
    """Each sees the database as it is at one moment, after everything that was committed before it began."""

    def __init__(self, store: Store, is_open: Callable[[], bool], *, waiting_at_most: int = WAITING_AT_MOST) -> None:
        """is_open: whether the tables are there; until then a look is refused, as when the database is away."""
        self._store = store
        self._is_open = is_open
        self._waiting_at_most = waiting_at_most
        self._waiting = 0
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="look")

    async def run(self, look: Callable[[SqlUnitOfWork], T]) -> T:
        """What `look` returns. Raises what it raises, and StorageUnavailable, also where it writes."""
        if not self._is_open():
            raise StorageUnavailable("the counter is not open")
        if self._waiting >= self._waiting_at_most:
            raise StorageUnavailable("too much is waiting to look into the database")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._look, look)
        finally:
            self._waiting -= 1

    def _look(self, look: Callable[[SqlUnitOfWork], T]) -> T:
        with self._store.reading() as unit:
            return look(unit)
