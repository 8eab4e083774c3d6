"""Owns how often one browser may knock. Counts in this process's memory only: nothing of it is ever stored."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

#: Buckets held at once; beyond, those that are full again (and so say nothing) are dropped.
_BUCKETS_AT_MOST: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    seen_at: float


class Limit:
    """A bucket of permissions for each key, which fills again at a steady rate."""

    def __init__(self, burst: int, per_minute: float, clock: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait_seconds(self, key: str) -> int:
        """Take one permission: 0 if there was one, or else the whole seconds until there is."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[key] = _Bucket(self._burst, now)
        bucket.left = self._filled(bucket, now)
        bucket.seen_at = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) / self._per_second))
        bucket.left -= 1
        return 0

    def _filled(self, bucket: _Bucket, now: float) -> float:
        return min(self._burst, bucket.left + (now - bucket.seen_at) * self._per_second)

    def _make_room(self, now: float) -> None:
        if len(self._buckets) < _BUCKETS_AT_MOST:
            return
        full = [key for key, bucket in self._buckets.items() if self._filled(bucket, now) >= self._burst]
        for key in full or list(self._buckets)[: _BUCKETS_AT_MOST // 10]:
            del self._buckets[key]
