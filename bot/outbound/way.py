"""Owns how much may leave through one channel at this moment: its budget, its pace, and whether its vendor is there.

Knows no row. A channel's trouble is its own: no other channel waits for it.
"""

import math
from datetime import datetime
from typing import Final

from bot.channels.base import Features
from bot.outbound.outage import Outage
from bot.outbound.pacing import Pacer

#: Sends of one channel that may be under way at once: a vendor that hangs holds so many, and nobody else's.
BUDGET: Final = 100

#: In the first moments of a process: it grows with each message that the vendor takes, so that a process that is killed
#: again and again leaves little in doubt.
FIRST_BUDGET: Final = 8


class Way:
    """The way out through one channel. Times are monotonic seconds, instants those of the clock."""

    def __init__(self, channel: str, features: Features) -> None:
        self.pacer: Final = Pacer(features)
        self.outage: Final = Outage(channel)
        self._under_way = 0
        self._budget = FIRST_BUDGET

    def room(self, monotonic: float, now: datetime) -> int:
        """How many may leave now."""
        free = self._budget - self._under_way
        if (at_most := self.outage.room(now)) is not None:
            free = min(free, at_most)
        pace = self.pacer.room(monotonic)
        return max(0, free if math.isinf(pace) else min(free, int(pace)))

    def wait_seconds(self, monotonic: float, now: datetime) -> float | None:
        """When there may be room again; None where only a send that ends can make some."""
        if self._under_way >= self._budget:
            return None
        return max(self.pacer.wait_seconds(monotonic), self.outage.seconds_left(now))

    def begin(self, chat: str, monotonic: float, now: datetime) -> None:
        """A message to this chat leaves."""
        self._under_way += 1
        self.pacer.take(chat, monotonic)
        self.outage.tried(now)

    def end(self) -> None:
        """It came to an end, whichever."""
        self._under_way -= 1

    def answered(self) -> None:
        """The vendor took a message, or refused it: it is there."""
        self._budget = min(self._budget + 1, BUDGET)
        self.outage.answered()
