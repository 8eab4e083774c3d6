"""What an official searches is looked up on a connection of its own, and shown in the transaction."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.inbound.handling import RETRY_AFTER
from handlers.desk.invitation import hash_of
from handlers.messages import Address
from handlers.ticket.ticket import Role
from storage.engine import Store
from storage.tickets import SqlTickets
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.replica import Replica
from tests.small_town import write_small_town

_search = SqlTickets.search


class Watching:
    """In the place of the search: where it was done; it goes on when it may."""

    def __init__(self) -> None:
        self.where: list[str] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.has_begun = threading.Event()
        self.faults: list[Exception] = []

    def __call__(self, tickets: SqlTickets, *given: object, **options: object) -> object:
        self.where.append(threading.current_thread().name.split("-")[0].split("_")[0])
        self.has_begun.set()
        assert self.may_go_on.wait(30)
        if self.faults:
            raise self.faults.pop()
        return _search(tickets, *given, **options)  # type: ignore[arg-type] # what it was given


@pytest.fixture
async def replica(store: Store, tmp_path: Path) -> AsyncIterator[Replica]:
    async with Replica.opened(store, write_small_town(tmp_path / "content")) as opened:
        for said in ("/reportar VIA-BACHE", "calle Hidalgo 5", "Hay un hoyo enorme desde hace un mes", "sin foto", "1"):
            await opened.says("ana", said)
        await opened.database.run(lambda unit: _employ(unit, opened))
        await opened.says("rosa", "menu")
        yield opened


def _employ(unit: SqlUnitOfWork, replica: Replica) -> None:
    now = replica.clock.now()
    unit.invitations.create(
        code_hash=hash_of("x"), role=Role.SUPERVISOR, department=None, name="Rosa", expires_at=now.replace(year=2099),
        now=now,
    )  # fmt: skip
    person = unit.people.arrive(Address("letters", "rosa"), language="es", now=now)
    unit.invitations.accept(hash_of("x"), person.person_id, now)


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Watching:
    watching = Watching()
    # A function, so that it becomes a method.
    monkeypatch.setattr(SqlTickets, "search", lambda *given, **options: watching(*given, **options))  # noqa: PLW0108
    return watching


async def test_it_is_done_once_and_beside_the_writer(replica: Replica, search: Watching):
    assert "hoyo" in await replica.says("rosa", "/buscar hoyo")
    assert search.where == ["look"]


async def test_nobody_waits_for_it(replica: Replica, search: Watching):
    search.may_go_on.clear()
    asked = asyncio.create_task(replica.says("rosa", "/buscar hoyo"))
    await asyncio.to_thread(search.has_begun.wait, 10)
    async with asyncio.timeout(10):
        assert await replica.says("ana", "menu")
    assert not asked.done()
    search.may_go_on.set()
    assert "hoyo" in await asked


async def test_one_that_fails_is_kept_and_tried_again(replica: Replica, search: Watching):
    search.faults.append(ValueError("hoyo"))
    assert await replica.says("rosa", "/buscar hoyo") == ""
    replica.clock.advance(seconds=RETRY_AFTER[0].total_seconds() + 1)
    assert await replica.reception.retry()
    assert "hoyo" in await replica.collect("rosa")
    assert search.where == ["look", "look"]
