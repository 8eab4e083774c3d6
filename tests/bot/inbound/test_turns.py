"""The messages of one chat come one after the other; chats do not wait for each other."""

import asyncio

import pytest

from bot.inbound.turns import Turns
from storage.engine import StorageUnavailable


class Visits:
    """Who came in, in order; inside they stay until they are let go."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.inside: list[str] = []
        self.may_go = asyncio.Event()

    def begin(self, name: str, key: str = "ana") -> "asyncio.Task[None]":
        return asyncio.create_task(self._visit(name, key))

    async def _visit(self, name: str, key: str) -> None:
        async with self.turns.of(key):
            self.inside.append(name)
            await self.may_go.wait()


@pytest.fixture
def turns() -> Turns:
    return Turns(patience_seconds=60)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_chat_waits_for_itself_and_for_nobody_else(turns: Turns):
    visits = Visits(turns)
    tasks = [visits.begin("first"), visits.begin("second"), visits.begin("other", key="luis")]
    await settle()
    assert visits.inside == ["first", "other"]
    visits.may_go.set()
    await asyncio.gather(*tasks)
    assert visits.inside == ["first", "other", "second"]


async def test_they_come_in_as_they_arrived_also_where_some_give_up(turns: Turns):
    """One gives up while it waits, one at the very moment that its turn comes."""
    visits = Visits(turns)
    first, second, third, fourth = (visits.begin(name) for name in ("first", "second", "third", "fourth"))
    await settle()
    second.cancel()
    visits.may_go.set()
    first.cancel()
    await asyncio.gather(first, second, third, fourth, return_exceptions=True)
    assert visits.inside == ["first", "third", "fourth"]
    async with asyncio.timeout(1), turns.of("ana"):
        visits.inside.append("later")


async def test_a_turn_that_came_too_late_is_handed_on(turns: Turns):
    """It is granted and given up in the same breath: who waits behind still comes in."""
    visits = Visits(turns)
    first, second, third = (visits.begin(name) for name in ("first", "second", "third"))
    await settle()
    visits.may_go.set()
    await asyncio.sleep(0)
    # The first has left, the second was told so, and does not know it yet.
    second.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert visits.inside[0] == "first"
    assert visits.inside[-1] == "third"


async def test_nobody_waits_for_ever():
    """Whoever is before them hangs: they are refused, and come again."""
    turns = Turns(patience_seconds=0.05)
    visits = Visits(turns)
    hanging = visits.begin("hangs")
    await settle()
    with pytest.raises(StorageUnavailable):
        async with turns.of("ana"):
            pass
    visits.may_go.set()
    await hanging
    async with turns.of("ana"):
        visits.inside.append("later")
    assert visits.inside == ["hangs", "later"]
