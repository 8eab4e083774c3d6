"""How often one browser may knock."""

from bot.channels.webchat.limits import Limit


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_then_a_steady_rate() -> None:
    """Two at once, then one each 30 seconds."""
    seconds = Seconds()
    limit = Limit(2, 2, seconds)

    assert [limit.wait_seconds("ana") for _ in range(3)] == [0, 0, 30]
    seconds.now = 29
    assert limit.wait_seconds("ana") == 1
    seconds.now = 30
    assert limit.wait_seconds("ana") == 0


def test_one_persons_haste_is_not_anothers() -> None:
    """Each key has its own bucket."""
    limit = Limit(1, 1, Seconds())

    assert [limit.wait_seconds(key) for key in ("ana", "beto", "ana")] == [0, 0, 60]


def test_who_is_quiet_gets_no_more_than_the_burst() -> None:
    """A day of silence does not save up a day of messages."""
    seconds = Seconds()
    limit = Limit(2, 60, seconds)
    limit.wait_seconds("ana")
    seconds.now = 86_400

    assert [limit.wait_seconds("ana") for _ in range(3)] == [0, 0, 1]


def test_the_memory_of_strangers_is_bounded() -> None:
    """Ever new keys do not fill the memory."""
    limit = Limit(1, 1, Seconds())
    for number in range(25_000):
        limit.wait_seconds(str(number))

    assert len(limit._buckets) <= 10_000
