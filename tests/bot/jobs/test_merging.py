"""The search's index stays in few parts, a slice at a time by night."""

from functools import partial

import pytest

from bot.jobs.merging import SearchMerging
from bot.jobs.slices import Slices
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Rig
from tests.storage.samples import add_ticket, arrive


def _file(unit: SqlUnitOfWork, part: int) -> None:
    person = arrive(unit)
    for number in range(70):
        add_ticket(unit, person, f"{part}F{number}", story=f"bache {number}")


@pytest.mark.parametrize(("number", "into_one"), [(0, False), (1, True)])
async def test_merging_goes_on_to_the_end(rig: Rig, number: int, into_one: bool) -> None:
    """Nothing is left to do then; on a server there is nothing to merge."""
    sweep = SearchMerging(Slices(rig.database)).all[number]
    async with rig.running(is_sending=False):
        for part in range(6):
            await rig.database.run(partial(_file, part=part))
        await sweep.run()
        assert not await rig.database.run(lambda unit: unit.tickets.merge_search(1, into_one=into_one))
