"""Owns the bell: rings the sweeps, so often or at a time of day. Knows nothing of what a sweep does."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it ships no types
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]  # it ships no types
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]  # it ships no types

from bot.clock import Clock
from bot.jobs.sweeps import At, Sweep, Sweeps

#: A ring at a time of day that nobody heard, since the counter was closed, is made up for when it opens within this.
MADE_UP_FOR: Final = timedelta(hours=12)


class Bell:
    """Rings until it is stopped. A ring that is late or still under way is left out, not piled up."""

    def __init__(self, sweeps: Sweeps, clock: Clock, zone: Callable[[], ZoneInfo]) -> None:
        """zone: the town's, asked for again when the town changes."""
        self.sweeps = sweeps
        self._clock = clock
        self._zone = zone
        self._rung_in: ZoneInfo | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin; in the running event loop."""
        for sweep in self.sweeps.all.values():
            self._scheduler.add_job(
                self.sweeps.ring,
                self._trigger(sweep),
                args=[sweep.name],
                id=sweep.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
            if self._was_missed(sweep):
                self._scheduler.add_job(self.sweeps.ring, args=[sweep.name], id=f"{sweep.name}, missed")
        self._rung_in = self._zone()
        self._scheduler.start()

    async def town_changed(self) -> None:
        """Ring in the town's zone as it is now, if that has changed."""
        if not self._scheduler.running or self._rung_in == self._zone():
            return
        for sweep in self.sweeps.all.values():
            if isinstance(sweep.when, At):
                self._scheduler.reschedule_job(sweep.name, trigger=self._trigger(sweep))
        self._rung_in = self._zone()

    def stop(self) -> None:
        """Ring no more; what rings now goes on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _trigger(self, sweep: Sweep) -> Any:
        if isinstance(sweep.when, At):
            return cron_trigger(sweep.when, self._zone())
        # Replicas that start together do not ring together.
        return IntervalTrigger(seconds=sweep.when.seconds, jitter=sweep.when.seconds / 10, timezone=UTC)

    def _was_missed(self, sweep: Sweep) -> bool:
        if not isinstance(sweep.when, At):
            return False
        now = self._clock.now()
        return next_ring(sweep.when, self._zone(), now - MADE_UP_FOR) <= now


def next_ring(when: At, zone: ZoneInfo, after: datetime) -> datetime:
    """The first ring at or after an instant; both aware."""
    ring: datetime = cron_trigger(when, zone).get_next_fire_time(None, after.astimezone(zone))
    return ring


def cron_trigger(when: At, zone: ZoneInfo) -> Any:
    """What APScheduler rings by. Raises ValueError for what is no time of day in the form of cron."""
    # APScheduler counts the days of the week from Monday, cron from Sunday: names mean the same to both.
    if re.search(r"\d", when.cron.split()[-1]):
        raise ValueError(f"{when.cron}: days of the week by their names, such as mon-fri")
    return CronTrigger.from_crontab(when.cron, timezone=zone)
