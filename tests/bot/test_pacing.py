"""Pacing: how fast messages leave."""

import asyncio
import math
from time import monotonic

from bot.channels.base import Features
from bot.pacing import CHAT_BURST, Pace, Pacer


def features(*, per_chat: float = math.inf, overall: float = math.inf) -> Features:
    return Features(text_limit=100, max_buttons=0, per_chat_rate=per_chat, overall_rate=overall)


def test_a_burst_passes_and_the_rest_is_spaced():
    """2 a second after a burst of 3: the fourth waits half a second, the fifth a whole one."""
    pace = Pace(2.0, burst=3)
    assert [pace.wait_seconds(100.0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]


def test_rest_restores_the_burst():
    pace = Pace(2.0, burst=3)
    for _ in range(5):
        pace.wait_seconds(100.0)
    assert not pace.is_at_rest(101.0)
    assert pace.is_at_rest(102.5)
    assert [pace.wait_seconds(200.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_no_limit_never_waits():
    pace = Pace(math.inf, burst=math.inf)
    assert {pace.wait_seconds(1.0) for _ in range(1000)} == {0.0}


async def test_a_busy_chat_does_not_slow_the_others():
    """One chat waits for its own pace; the next one's message leaves at once."""
    pacer = Pacer(features(per_chat=1.0, overall=1000.0))
    for _ in range(CHAT_BURST):
        await pacer.take_turn("busy")
    waiting = asyncio.create_task(pacer.take_turn("busy"))
    await asyncio.sleep(0)
    begun_at = monotonic()
    await pacer.take_turn("other")
    assert monotonic() - begun_at < 0.2
    assert not waiting.done()
    waiting.cancel()


async def test_the_channel_is_never_faster_than_its_vendor_allows():
    """40 a second after a burst of 40: 50 messages take at least a quarter of a second."""
    pacer = Pacer(features(overall=40.0))
    begun_at = monotonic()
    await asyncio.gather(*(pacer.take_turn(str(number)) for number in range(50)))
    assert monotonic() - begun_at >= 0.24
