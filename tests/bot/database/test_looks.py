"""What only reads waits for no writer, and no writer waits for it."""

import asyncio
import threading

import pytest

from bot.database.looks import Looks
from storage.engine import StorageUnavailable, Store
from storage.unit_of_work import SqlUnitOfWork
from tests.storage.samples import arrive


async def test_a_look_sees_what_was_committed_and_not_what_is_under_way(store: Store):
    looks = Looks(store, lambda: True)
    with store.transaction() as transaction:
        arrive(transaction.unit, "ana")
    with store.transaction() as transaction:
        arrive(transaction.unit, "luis")
        async with asyncio.timeout(10):
            assert await looks.run(lambda unit: _knows(unit, 1))
            assert not await looks.run(lambda unit: _knows(unit, 2))
    assert await looks.run(lambda unit: _knows(unit, 2))


async def test_a_look_that_takes_long_sees_one_moment_and_stops_no_writer(store: Store):
    looks, has_begun, may_end = Looks(store, lambda: True), threading.Event(), threading.Event()

    def look(unit: SqlUnitOfWork) -> list[bool]:
        before = _knows(unit, 1)
        has_begun.set()
        assert may_end.wait(30)
        return [before, _knows(unit, 1)]

    looking = asyncio.create_task(looks.run(look))
    await asyncio.to_thread(has_begun.wait, 10)
    with store.transaction() as transaction:
        arrive(transaction.unit, "ana")
    may_end.set()
    assert await looking == [False, False]
    assert await looks.run(lambda unit: _knows(unit, 1))


async def test_who_writes_where_only_reading_is_meant_is_refused(store: Store):
    with pytest.raises(StorageUnavailable):
        await Looks(store, lambda: True).run(lambda unit: arrive(unit, "ana"))
    with store.transaction() as transaction:
        assert not _knows(transaction.unit, 1)


async def test_no_more_than_so_many_wait(store: Store):
    looks, may_end = Looks(store, lambda: True, waiting_at_most=3), threading.Event()
    waiting = [asyncio.create_task(looks.run(lambda _unit: may_end.wait(30))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(StorageUnavailable):
        await looks.run(lambda _unit: None)
    may_end.set()
    assert await asyncio.gather(*waiting) == [True] * 3


async def test_nothing_is_looked_at_before_the_tables_are_there(store: Store):
    with pytest.raises(StorageUnavailable):
        await Looks(store, lambda: False).run(lambda _unit: None)


def _knows(unit: SqlUnitOfWork, number: int) -> bool:
    """Whether so many chats are known."""
    try:
        return bool(unit.people.contact(number))
    except LookupError:
        return False
