"""Owns how fast messages leave: a channel's rate in all, and a soft one per chat. Knows no vendor and no row."""

import math

from bot.channels.base import Features

#: Messages to one chat that may leave at once before its own rate counts.
CHAT_BURST = 5

#: Less than this is arithmetic, not time.
_ROUNDING_SECONDS = 1e-6

#: Chats remembered before those at rest are forgotten.
_CHATS_KEPT = 10_000


class Pace:
    """Lets `rate` a second pass, after a burst. Times are monotonic seconds."""

    def __init__(self, rate: float, burst: float) -> None:
        self._gap_seconds = 1 / rate
        self._allowance_seconds = 0.0 if math.isinf(rate) else burst / rate
        self._full_at = 0.0

    def room(self, now: float) -> float:
        """How many may pass now; infinity where there is no limit."""
        if not self._gap_seconds:
            return math.inf
        return max(
            0.0, (self._allowance_seconds - max(self._full_at - now, 0.0) + _ROUNDING_SECONDS) / self._gap_seconds
        )

    def wait_seconds(self, now: float) -> float:
        """How long until the next may pass."""
        wait = max(now, self._full_at) + self._gap_seconds - self._allowance_seconds - now
        return wait if wait > _ROUNDING_SECONDS else 0.0

    def take(self, now: float) -> None:
        """One passes."""
        self._full_at = max(now, self._full_at) + self._gap_seconds

    def is_at_rest(self, now: float) -> bool:
        """Whether it is as good as new."""
        return self._full_at <= now


class Pacer:
    """The paces of one channel."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._overall = Pace(features.overall_rate, burst=max(1.0, features.overall_rate))
        self._chats: dict[str, Pace] = {}

    def room(self, now: float) -> float:
        """How many may leave now in all; infinity where there is no limit."""
        return self._overall.room(now)

    def wait_seconds(self, now: float) -> float:
        """How long until the next message may leave, to whichever chat."""
        return self._overall.wait_seconds(now)

    def chat_wait_seconds(self, chat: str, now: float) -> float:
        """How long until a message to this chat may leave by the chat's own pace."""
        pace = self._chats.get(chat)
        return pace.wait_seconds(now) if pace is not None else 0.0

    def take(self, chat: str, now: float) -> None:
        """A message to this chat leaves."""
        self._overall.take(now)
        if chat not in self._chats:
            if len(self._chats) >= _CHATS_KEPT:
                self._chats = {name: pace for name, pace in self._chats.items() if not pace.is_at_rest(now)}
            self._chats[chat] = Pace(self._features.per_chat_rate, CHAT_BURST)
        self._chats[chat].take(now)
