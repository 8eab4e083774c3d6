"""Owns how much one key may take: so often, and so many at once. Counts in this process's memory only: never stored."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

#: Buckets held at once; beyond, those that were asked for longest ago are dropped.
BUCKETS_AT_MOST: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    seen_at: float


class Limit:
    """A bucket of permissions for each key, which fills again at a steady rate."""

    def __init__(self, burst: float, per_minute: float, clock: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._clock = clock
        #: Those that were asked for last stand last.
        self._buckets: dict[str, _Bucket] = {}

    @property
    def held(self) -> int:
        """Keys that are remembered."""
        return len(self._buckets)

    def wait_seconds(self, key: str, cost: float = 1) -> int:
        """Take `cost` permissions: 0 if they were there, or else the whole seconds until they are; none is taken then.

        More than the burst is never there: it costs the whole bucket.
        """
        now, cost = self._clock(), min(cost, self._burst)
        bucket = self._buckets.pop(key, None) or self._new(now)
        self._buckets[key] = bucket
        bucket.left = min(self._burst, bucket.left + (now - bucket.seen_at) * self._per_second)
        bucket.seen_at = now
        if bucket.left < cost:
            return max(1, math.ceil((cost - bucket.left) / self._per_second))
        bucket.left -= cost
        return 0

    def _new(self, now: float) -> _Bucket:
        """A full one, and room for it: a tenth at a time, so that a flood of new keys costs each of them little."""
        if len(self._buckets) >= BUCKETS_AT_MOST:
            for key in list(self._buckets)[: BUCKETS_AT_MOST // 10]:
                del self._buckets[key]
        return _Bucket(self._burst, now)


class Crowd:
    """How many of one key are inside at once."""

    def __init__(self, each_at_most: int) -> None:
        self._at_most = each_at_most
        self._inside: Counter[str] = Counter()

    @property
    def held(self) -> int:
        """Keys of which anybody is inside."""
        return len(self._inside)

    def enter(self, key: str) -> bool:
        """Whether there was room; whoever is let in leaves once."""
        if self._inside[key] >= self._at_most:
            return False
        self._inside[key] += 1
        return True

    def leave(self, key: str) -> None:
        """Make room."""
        self._inside[key] -= 1
        if self._inside[key] <= 0:
            del self._inside[key]

    @contextmanager
    def inside(self, key: str) -> Iterator[bool]:
        """Whether there was room, which is held until the end."""
        is_in = self.enter(key)
        try:
            yield is_in
        finally:
            if is_in:
                self.leave(key)
