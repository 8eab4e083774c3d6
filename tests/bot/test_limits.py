"""How often, and how many at once."""

import pytest

from bot.limits import BUCKETS_AT_MOST, Crowd, Limit


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


def test_what_costs_more_takes_more_and_none_is_taken_in_vain() -> None:
    """Bytes are permissions too; who is refused loses nothing by having asked."""
    limit = Limit(100, 60, Seconds())

    assert [limit.wait_seconds("ana", 60), limit.wait_seconds("ana", 60), limit.wait_seconds("ana", 40)] == [0, 20, 0]


def test_what_is_larger_than_the_burst_costs_the_burst() -> None:
    """It is not refused for ever."""
    limit = Limit(100, 60, Seconds())

    assert [limit.wait_seconds("ana", 1_000), limit.wait_seconds("ana", 1_000)] == [0, 100]


def test_the_memory_of_strangers_is_bounded() -> None:
    """Ever new keys do not fill the memory."""
    limit = Limit(1, 1, Seconds())
    for number in range(2 * BUCKETS_AT_MOST + 5):
        limit.wait_seconds(str(number))

    assert limit.held <= BUCKETS_AT_MOST


def test_a_flood_of_strangers_does_not_set_free_who_goes_on() -> None:
    """Who asks all the time is remembered, however many others come."""
    limit = Limit(1, 1, Seconds())
    limit.wait_seconds("eve")
    refused = 0
    for number in range(2 * BUCKETS_AT_MOST):
        limit.wait_seconds(str(number))
        refused += number % 100 == 0 and limit.wait_seconds("eve") > 0

    assert refused == 2 * BUCKETS_AT_MOST / 100


def test_only_so_many_are_inside_at_once() -> None:
    """Who leaves makes room, also after a mistake; another's crowd is not mine."""
    crowd = Crowd(1)
    with crowd.inside("ana") as first, crowd.inside("ana") as second, crowd.inside("beto") as third:
        assert (first, second, third) == (True, False, True)
    with pytest.raises(ValueError, match="oops"), crowd.inside("ana"):
        raise ValueError("oops")

    assert crowd.enter("ana")
    assert crowd.held == 1
