"""Owns the nightly merging of the search's index. Knows no SQL."""

from typing import Final

from bot.jobs.slices import Slices
from bot.jobs.sweeps import At, Sweep

#: Of the database's pages, in one transaction: some two milliseconds.
_PAGES: Final = 16


class SearchMerging:
    """A sweep at an hour when few write: the whole index is written anew, where something came into it."""

    def __init__(self, slices: Slices) -> None:
        self._slices = slices
        self.all = (Sweep("merge the search", At("30 3 * * *"), self.merge),)

    async def merge(self) -> None:
        """Slice by slice until the index is one; what is filed meanwhile goes into it or waits for the next night."""
        while await self._slices.run(lambda unit: unit.tickets.merge_search(_PAGES)):
            pass
