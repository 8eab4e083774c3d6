"""Owns the present moment: the only place that asks the machine what time it is. Knows no business rule."""

from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Whoever can say what time it is; tests bring one that they can move."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)


def today(clock: Clock) -> date:
    """The date in UTC: near enough for judging whether a content file is out of date."""
    return clock.now().date()
