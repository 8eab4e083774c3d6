"""Pacing: how fast messages leave."""

import math

from bot.channels.base import Features
from bot.outbound.pacing import CHAT_BURST, Pace, Pacer


def features(*, per_chat: float = math.inf, overall: float = math.inf) -> Features:
    return Features(per_chat_rate=per_chat, overall_rate=overall)


def test_a_burst_passes_and_the_rest_is_spaced():
    """2 a second after a burst of 3: the fourth waits half a second."""
    pace = Pace(2.0, burst=3)
    for left in (3, 2, 1):
        assert (int(pace.room(100.0)), pace.wait_seconds(100.0)) == (left, 0)
        pace.take(100.0)
    assert int(pace.room(100.0)) == 0
    assert pace.wait_seconds(100.0) == 0.5
    assert pace.wait_seconds(100.25) == 0.25
    assert pace.wait_seconds(100.5) == 0
    assert int(pace.room(100.5)) == 1


def test_rest_restores_the_burst():
    pace = Pace(2.0, burst=3)
    for _ in range(3):
        pace.take(100.0)
    assert not pace.is_at_rest(101.0)
    assert pace.is_at_rest(101.5)
    assert int(pace.room(200.0)) == 3


def test_looking_takes_nothing():
    pace = Pace(2.0, burst=1)
    assert [pace.wait_seconds(100.0) for _ in range(10)] == [0] * 10
    assert [int(pace.room(100.0)) for _ in range(10)] == [1] * 10


def test_no_limit_never_waits():
    pace = Pace(math.inf, burst=math.inf)
    for _ in range(1000):
        pace.take(1.0)
    assert pace.wait_seconds(1.0) == 0
    assert pace.room(1.0) == math.inf


def test_a_busy_chat_does_not_slow_the_others():
    """One chat waits for its own pace; the next one's message leaves at once."""
    pacer = Pacer(features(per_chat=1.0, overall=1000.0))
    for _ in range(CHAT_BURST):
        assert pacer.chat_wait_seconds("busy", 100.0) == 0
        pacer.take("busy", 100.0)
    assert pacer.chat_wait_seconds("busy", 100.0) == 1.0
    assert pacer.chat_wait_seconds("other", 100.0) == 0


def test_the_channel_is_never_faster_than_its_vendor_allows():
    """40 a second after a burst of 40."""
    pacer = Pacer(features(overall=40.0))
    assert int(pacer.room(100.0)) == 40
    for number in range(40):
        assert pacer.wait_seconds(100.0) == 0
        pacer.take(str(number), 100.0)
    assert int(pacer.room(100.0)) == 0
    assert round(pacer.wait_seconds(100.0), 6) == 0.025
    assert int(pacer.room(100.25)) == 10
