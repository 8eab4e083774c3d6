"""Owns how fast messages leave: a channel's rate in all, and a soft one per chat. Knows no vendor and no row."""

import asyncio
import math
from time import monotonic

from bot.channels.base import Features

#: Messages to one chat that may leave at once before its own rate counts.
CHAT_BURST = 5

#: Chats remembered before those at rest are forgotten.
_CHATS_KEPT = 10_000


class Pace:
    """Lets `rate` a second pass, after a burst. Whoever asks is given a place in the order of asking."""

    def __init__(self, rate: float, burst: float) -> None:
        self._gap_seconds = 1 / rate
        self._allowance_seconds = 0.0 if math.isinf(rate) else burst / rate
        self._full_at = 0.0

    def wait_seconds(self, now: float) -> float:
        """Take the next place; how long to wait for it. `now` is monotonic."""
        self._full_at = max(now, self._full_at) + self._gap_seconds
        return max(0.0, self._full_at - self._allowance_seconds - now)

    def is_at_rest(self, now: float) -> bool:
        """Whether it is as good as new."""
        return self._full_at <= now


class Pacer:
    """The paces of one channel."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._overall = Pace(features.overall_rate, burst=max(1.0, features.overall_rate))
        self._chats: dict[str, Pace] = {}

    async def take_turn(self, chat: str) -> None:
        """Wait until a message to this chat may leave."""
        await _rest(self._chat(chat).wait_seconds(monotonic()))
        await _rest(self._overall.wait_seconds(monotonic()))

    def _chat(self, chat: str) -> Pace:
        if chat not in self._chats:
            if len(self._chats) >= _CHATS_KEPT:
                now = monotonic()
                self._chats = {name: pace for name, pace in self._chats.items() if not pace.is_at_rest(now)}
            self._chats[chat] = Pace(self._features.per_chat_rate, CHAT_BURST)
        return self._chats[chat]


async def _rest(seconds: float) -> None:
    # Not even a turn of the event loop where there is nothing to wait for.
    if seconds > 0:
        await asyncio.sleep(seconds)
