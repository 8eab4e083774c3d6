"""Owns when a vendor counts as away: then one message tries the door, and the others wait. Knows no row."""

from datetime import datetime, timedelta
from typing import Final

import structlog

#: So many failures without a success between them, and the vendor is away.
_FAILURES: Final = 5

#: Until the door is tried again: doubling from the first to the longest.
_FIRST_PAUSE: Final = timedelta(seconds=1)
_LONGEST_PAUSE: Final = timedelta(seconds=30)

log = structlog.get_logger(__name__)


class Outage:
    """What the last sends of one channel tell of its vendor."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._failures = 0
        self._pause = _FIRST_PAUSE
        self._next_try_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether the vendor is away."""
        return self._next_try_at is not None

    def room(self, now: datetime) -> int | None:
        """How many may try now; None where nothing stands in the way."""
        if self._next_try_at is None:
            return None
        return 1 if now >= self._next_try_at else 0

    def seconds_left(self, now: datetime) -> float:
        """Until the door is tried again."""
        return 0.0 if self._next_try_at is None else max((self._next_try_at - now).total_seconds(), 0.0)

    def tried(self, now: datetime) -> None:
        """Something tries the door: nothing else does before the next pause is over."""
        if self._next_try_at is not None:
            self._next_try_at = now + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def failed(self, now: datetime) -> None:
        """The vendor could not be reached, or said that it is unwell."""
        self._failures += 1
        if self._failures >= _FAILURES and self._next_try_at is None:
            log.warning("a vendor is away; its messages wait", channel=self._channel)
            self._next_try_at = now + self._pause

    def answered(self) -> None:
        """The vendor answered, whatever it said."""
        if self._next_try_at is not None:
            log.warning("a vendor is back", channel=self._channel)
        self._failures, self._pause, self._next_try_at = 0, _FIRST_PAUSE, None
