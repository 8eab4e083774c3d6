"""Owns the merging of the search's index, by night. Knows no SQL."""

from functools import partial
from typing import Final

from bot.jobs.slices import Slices
from bot.jobs.sweeps import At, Sweep

#: Of the database's pages, in one transaction: some two milliseconds.
_PAGES: Final = 16


class SearchMerging:
    """What came in a day becomes one part every night, with what is about as large; all becomes one every month.

    Every night would write the whole index anew for the few tickets of a day, and FTS5 does not bear that for ever.
    """

    def __init__(self, slices: Slices) -> None:
        self._slices = slices
        self.all = (
            Sweep("merge the search", At("30 3 * * *"), partial(self.merge, into_one=False)),
            Sweep("merge the whole search", At("30 4 1 * *"), partial(self.merge, into_one=True)),
        )

    async def merge(self, *, into_one: bool) -> None:
        """Slice by slice until nothing is left; what is filed meanwhile may wait for the next time."""
        while await self._slices.run(lambda unit: unit.tickets.merge_search(_PAGES, into_one=into_one)):
            pass
