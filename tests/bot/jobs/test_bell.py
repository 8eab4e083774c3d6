"""A ring at a time of day comes at that time in the town, whatever the machine's zone, and once."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.bell import MADE_UP_FOR, Bell, next_ring
from bot.jobs.sweeps import At, Every, Sweep

MEXICO = ZoneInfo("America/Mexico_City")
TIJUANA = ZoneInfo("America/Tijuana")
DIGEST = At("0 9 * * mon")
#: A Monday, nine in central Mexico.
NINE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "after", "ring"),
    [
        (MEXICO, NINE - timedelta(days=2), NINE),
        (MEXICO, NINE, NINE),
        (MEXICO, NINE + timedelta(seconds=1), NINE + timedelta(days=7)),
        # Two hours behind in winter, and the border keeps summer time: one hour behind in summer.
        (TIJUANA, NINE, NINE + timedelta(hours=2)),
        (TIJUANA, datetime(2026, 7, 6, 0, 0, tzinfo=UTC), datetime(2026, 7, 6, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_the_towns(zone: ZoneInfo, after: datetime, ring: datetime) -> None:
    assert next_ring(DIGEST, zone, after) == ring


def test_days_of_the_week_by_number_are_refused() -> None:
    """Two programs count them from different days: nobody shall be rung out of bed on a Sunday."""
    with pytest.raises(ValueError, match="by their names"):
        next_ring(At("0 9 * * 1"), MEXICO, NINE)


class Sexton:
    """Rings a real bell over one sweep."""

    def __init__(self, now: datetime, when: At | Every = DIGEST) -> None:
        self.zone = MEXICO
        self.rung: list[str] = []
        sweeps: Any = SimpleNamespace(all={"digest": Sweep("digest", when, self._nothing)}, ring=self._ring)
        clock: Any = SimpleNamespace(now=lambda: now)
        self.bell = Bell(sweeps, clock, lambda: self.zone)

    async def _ring(self, name: str) -> None:
        self.rung.append(name)

    async def _nothing(self) -> None: ...

    @property
    def next(self) -> datetime:
        return self.bell._scheduler.get_job("digest").next_run_time


@pytest.mark.parametrize(
    ("late", "rings"),
    [(timedelta(minutes=5), 1), (MADE_UP_FOR, 1), (MADE_UP_FOR + timedelta(seconds=1), 0), (timedelta(days=-1), 0)],
)
async def test_a_ring_that_nobody_heard_is_made_up_for(late: timedelta, rings: int) -> None:
    """Closed at nine and opened later that day: the digest comes all the same; days later it does not."""
    sexton = Sexton(NINE + late)
    sexton.bell.start()
    async with asyncio.timeout(10):
        while len(sexton.rung) < rings:
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    sexton.bell.stop()
    assert len(sexton.rung) == rings


async def test_a_town_that_moves_to_another_zone_is_rung_in_it() -> None:
    """city.yaml was mended while the counter ran."""
    sexton = Sexton(datetime.now(UTC))
    sexton.bell.start()
    try:
        assert sexton.next.astimezone(MEXICO).hour == 9
        sexton.zone = TIJUANA
        await sexton.bell.town_changed()
        assert sexton.next.astimezone(TIJUANA).hour == 9
    finally:
        sexton.bell.stop()
