"""Owns the bell: rings the sweeps at their intervals. Knows nothing of what a sweep does."""

from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it ships no types

from bot.jobs.sweeps import Sweeps


class Schedule:
    """Rings until it is stopped. A ring that is late or still under way is left out, not piled up."""

    def __init__(self, sweeps: Sweeps) -> None:
        self.sweeps = sweeps
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin; in the running event loop."""
        for sweep in self.sweeps.all.values():
            self._scheduler.add_job(
                self.sweeps.ring,
                "interval",
                args=[sweep.name],
                seconds=sweep.every_seconds,
                # Replicas that start together do not ring together.
                jitter=sweep.every_seconds / 10,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; what rings now goes on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
