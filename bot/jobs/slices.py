"""Owns long work on the database, done in short transactions. Knows nothing of what a slice does."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from bot.database.queue import DatabaseQueue
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")


class Slices:
    """One slice at a time in this process, and after each a pause of its length: a message waits for one at most."""

    def __init__(self, database: DatabaseQueue) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[SqlUnitOfWork], T]) -> T:
        """What one slice gave, once it is committed and the others have had their time. Raises what `work` raises."""
        async with self._turn:
            begun_at = perf_counter()
            result = await self._database.run(work)
            await asyncio.sleep(perf_counter() - begun_at)
        return result
