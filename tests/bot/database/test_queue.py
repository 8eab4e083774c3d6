"""The way in: what is acknowledged is committed, and one bad message hurts nobody else."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.source import TownSource
from bot.inbound.handling import RETRY_AFTER
from bot.inbound.reception import WAITING_AT_MOST
from handlers.ports import UnitOfWork
from storage.engine import StorageUnavailable, Store
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Rig, message

#: More than a machine with two cores gets by itself; SQLite has one writer.
WORKERS = {"sqlite": 1, "postgresql": 4}


def poison(_unit: UnitOfWork) -> None:
    raise KeyError("mi teléfono es 33 1234 5678")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.005)


async def test_what_is_acknowledged_is_committed(rig: Rig, store: Store):
    """Another connection sees the reply as soon as the vendor is answered."""
    async with rig.running(is_sending=False):
        await rig.say("hola")
        with store.transaction() as other:
            assert other.unit.delivery.counts()["pending"] == 1


async def test_messages_that_wait_together_are_committed_together(rig: Rig):
    """A rush costs few transactions, not one for each."""
    async with rig.running(is_sending=False):
        await asyncio.gather(*(rig.say(str(number), chat=str(number)) for number in range(200)))
        assert await rig.counts() == {"pending": 200}
    assert rig.measured("messages_received_total", channel="letters", outcome="handled") == 200
    assert rig.measured("intake_batch_jobs_count") < 40


async def test_a_repeat_is_acknowledged_and_ignored(rig: Rig):
    """Vendors send again what they are not sure of."""
    async with rig.running(is_sending=False):
        await rig.say("hola", external_id="1")
        await rig.say("hola", external_id="1")
        await asyncio.gather(*(rig.say("otra", external_id="2") for _ in range(20)))
        assert await rig.counts() == {"pending": 2}
    assert rig.measured("messages_received_total", channel="letters", outcome="repeat") == 20


async def test_a_bad_message_hurts_nobody_else(rig: Rig):
    """It is stored with its error; its neighbours in the same transaction are answered."""
    rig.trouble["mala"] = poison
    async with rig.running(is_sending=False):
        await asyncio.gather(
            *(rig.say("mala" if number == 7 else str(number), chat=str(number)) for number in range(20))
        )
        assert await rig.counts() == {"pending": 19}
        assert await rig.inbox() == {"failed": 1}
    assert rig.measured("messages_received_total", channel="letters", outcome="failed") == 1


async def test_a_stored_error_says_nothing_of_the_resident(rig: Rig, store: Store):
    """What the exception quotes may be what they wrote."""
    rig.trouble["mala"] = poison
    async with rig.running(is_sending=False):
        await rig.say("mala")
        with store._engine.connect() as connection:
            stored = str(connection.exec_driver_sql("SELECT error FROM inbox").all())
    assert "KeyError at test_queue.py:" in stored
    assert "33 1234" not in stored


async def test_a_message_that_failed_is_tried_again_and_forgotten(rig: Rig):
    """A mistake that was mended meanwhile costs the resident half a minute."""
    rig.trouble["mala"] = poison
    async with rig.running(is_sending=False):
        await rig.say("mala")
        await rig.sweeps.ring("retry messages")
        assert await rig.inbox() == {"failed": 1}
        del rig.trouble["mala"]
        rig.clock.advance(seconds=31)
        await rig.sweeps.ring("retry messages")
        assert await rig.inbox() == {}
        assert await rig.counts() == {"pending": 1}


async def test_a_message_that_never_works_is_given_up_with_an_apology(rig: Rig, towns: TownSource):
    """Tried after 30 seconds, 2 and 10 minutes; then the resident is told, once."""
    rig.trouble["mala"] = poison
    apology = towns.current.words("system.apology", "es")
    async with rig.running():
        await rig.say("mala")
        for wait in RETRY_AFTER:
            rig.clock.advance(seconds=wait.total_seconds() - 2)
            assert not await rig.reception.retry()
            rig.clock.advance(seconds=2)
            assert await rig.reception.retry()
        assert await rig.inbox() == {"dead": 1}
        rig.clock.advance(hours=24)
        assert not await rig.reception.retry()
        await rig.quiet()
    assert rig.letters.arrived == [("ana", apology)]
    assert rig.measured("messages_dead_total", channel="letters") == 1
    assert timedelta(seconds=30) == RETRY_AFTER[0]


async def test_a_person_is_handled_in_order(rig: Rig):
    """Fifty messages in one breath are answered as they were written, beside other people's."""
    async with rig.running():
        await asyncio.gather(*(rig.say(f"{number}", chat=chat) for number in range(50) for chat in ("ana", "luis")))
        await rig.quiet()
    assert rig.letters.texts("ana") == [str(number) for number in range(50)]
    assert rig.letters.texts("luis") == [str(number) for number in range(50)]


async def test_many_chats_keep_their_order_on_several_workers(
    store: Store, towns: TownSource, dialect: str, tmp_path: Path
):
    """Five people write twenty messages each in one breath; four workers share them, and nobody's get mixed up."""
    rig, people = Rig(store, towns, tmp_path, workers=WORKERS[dialect]), [f"person {number}" for number in range(5)]
    async with rig.running():
        await asyncio.gather(*(rig.say(f"{number}", chat=chat) for number in range(20) for chat in people))
        await rig.quiet()
    for chat in people:
        assert rig.letters.texts(chat) == [str(number) for number in range(20)]


async def test_what_a_chat_says_waits_for_what_it_said_before(
    store: Store, towns: TownSource, dialect: str, tmp_path: Path
):
    """However long that takes, and however idle the other workers are."""
    rig, stuck = Rig(store, towns, tmp_path, workers=WORKERS[dialect]), Stuck()
    done: list[int] = []
    async with rig.running(is_sending=False):
        first = asyncio.create_task(rig.database.run(stuck, key="letters:ana"))
        await asyncio.to_thread(stuck.has_begun.wait)
        later = [
            asyncio.create_task(rig.database.run(lambda _unit, number=number: done.append(number), key="letters:ana"))
            for number in range(8)
        ]
        await asyncio.sleep(0.1)
        assert done == []
        stuck.let_go()
        await asyncio.gather(first, *later)
    assert done == list(range(8))


async def test_chats_are_shared_out_among_the_workers_and_each_stays_with_its_own(
    store: Store, towns: TownSource, dialect: str, tmp_path: Path
):
    """A chat is always served by the same thread; all of them are kept busy. SQLite has one."""
    rig = Rig(store, towns, tmp_path, workers=WORKERS[dialect])
    served: dict[str, set[int]] = {}

    def note(chat: str) -> None:
        served.setdefault(chat, set()).add(threading.get_ident())

    async with rig.running(is_sending=False):
        for _ in range(3):
            await asyncio.gather(
                *(rig.database.run(lambda _unit, c=f"letters:{n}": note(c), key=f"letters:{n}") for n in range(40))
            )
    assert {len(threads) for threads in served.values()} == {1}
    assert len(set.union(*served.values())) == WORKERS[dialect]


async def test_other_work_gets_its_own_result_or_its_own_error(rig: Rig):
    def fail(unit: SqlUnitOfWork) -> None:
        unit.secrets.get_or_create("undone", "x")
        raise ValueError("no")

    async with rig.running(is_sending=False):
        results = await asyncio.gather(
            rig.database.run(lambda unit: unit.secrets.get_or_create("kept", "1")),
            rig.database.run(fail),
            rig.database.run(lambda unit: unit.secrets.get_or_create("kept", "2")),
            return_exceptions=True,
        )
        assert results[0] == results[2] == "1"
        assert isinstance(results[1], ValueError)
        assert await rig.database.run(lambda unit: unit.secrets.get_or_create("undone", "y")) == "y"


async def test_a_lost_transaction_is_done_again_one_by_one(rig: Rig):
    """A deadlock takes the whole transaction down; nobody is answered wrongly, nothing is done twice."""
    falls = 3

    def fall(_unit: UnitOfWork) -> None:
        nonlocal falls
        falls -= 1
        if falls >= 0:
            raise StorageUnavailable("deadlock detected")

    rig.trouble["cae"] = fall
    async with rig.running(is_sending=False):
        results = await asyncio.gather(
            *(rig.say("cae" if number == 3 else str(number), chat=str(number)) for number in range(10)),
            return_exceptions=True,
        )
        assert [number for number, result in enumerate(results) if result is not None] == [3]
        assert isinstance(results[3], StorageUnavailable)
        assert await rig.counts() == {"pending": 9}
        assert await rig.inbox() == {}


async def test_before_the_database_answers_messages_are_refused(rig: Rig):
    """The vendor is told to come again; nothing is acknowledged."""
    with pytest.raises(StorageUnavailable):
        await rig.say("hola")
    assert rig.measured("messages_received_total", channel="letters", outcome="refused") == 1


class Stuck:
    """Database work that hangs until it is let go."""

    def __init__(self) -> None:
        self._let_go = threading.Event()
        self.has_begun = threading.Event()

    def __call__(self, _unit: object) -> None:
        self.has_begun.set()
        self._let_go.wait(20)

    def let_go(self) -> None:
        self._let_go.set()


async def test_too_many_at_once_are_refused_and_the_others_are_not_lost(
    store: Store, towns: TownSource, tmp_path: Path
):
    rig, stuck = Rig(store, towns, tmp_path, waiting_at_most=10, workers=1), Stuck()
    async with rig.running(is_sending=False):
        waiting = asyncio.create_task(rig.database.run(stuck))
        await asyncio.to_thread(stuck.has_begun.wait)
        rush = [asyncio.create_task(rig.say(str(number), chat=str(number))) for number in range(30)]
        await until(lambda: sum(each.done() for each in rush) >= 21)
        assert sum(each.done() for each in rush) == 21
        # Work of our own still gets in.
        settling = asyncio.create_task(rig.database.run(lambda unit: None))
        stuck.let_go()
        results = await asyncio.gather(*rush, return_exceptions=True)
        await asyncio.gather(waiting, settling)
        assert sum(isinstance(each, StorageUnavailable) for each in results) == 21
        assert await rig.counts() == {"pending": 9}


async def test_a_hung_transaction_refuses_what_waits_instead_of_keeping_it(
    store: Store, towns: TownSource, tmp_path: Path
):
    """A vendor that is refused sends again; one that is kept waiting gives up."""
    rig, stuck = Rig(store, towns, tmp_path, patience_seconds=0.2, workers=1), Stuck()
    async with rig.running(is_sending=False):
        hung = asyncio.create_task(rig.database.run(stuck))
        await asyncio.to_thread(stuck.has_begun.wait)
        with pytest.raises(StorageUnavailable, match="refused"):
            await rig.say("hola", external_id="1")
        stuck.let_go()
        await hung
        await rig.say("hola", external_id="1")
        assert await rig.counts() == {"pending": 1}


async def test_what_was_refused_is_never_done(store: Store, towns: TownSource, tmp_path: Path):
    """Whoever asked was told that it did not happen, and has asked again or given up: it must not happen later."""
    rig, stuck = Rig(store, towns, tmp_path, patience_seconds=0.2, workers=1), Stuck()
    done: list[str] = []
    async with rig.running(is_sending=False):
        hung = asyncio.create_task(rig.database.run(stuck))
        await asyncio.to_thread(stuck.has_begun.wait)
        for key in ("letters:ana", "letters:luis", ""):
            with pytest.raises(StorageUnavailable, match="refused"):
                await rig.database.run(lambda _unit, key=key: done.append(key), key=key)
        stuck.let_go()
        await hung
        await rig.database.run(lambda _unit: done.append("later"))
    assert done == ["later"]


async def test_what_is_being_done_is_never_called_refused(store: Store, towns: TownSource, tmp_path: Path):
    """It was committed in the end, and whoever asked hears that."""
    rig, stuck = Rig(store, towns, tmp_path, patience_seconds=0.1, workers=1), Stuck()
    async with rig.running(is_sending=False):
        hung = asyncio.create_task(rig.database.run(lambda unit: (stuck(unit), "done")[1]))
        await asyncio.to_thread(stuck.has_begun.wait)
        await asyncio.sleep(0.5)
        assert not hung.done()
        stuck.let_go()
        assert await hung == "done"


async def test_closing_finishes_what_waits(rig: Rig, store: Store):
    async with rig.running(is_sending=False):
        waiting = [asyncio.create_task(rig.say(str(number), chat=str(number))) for number in range(100)]
        while len(rig.database._pending) < 100:
            await asyncio.sleep(0)
        await rig.database.close(5.0)
        assert await asyncio.gather(*waiting) == [None] * 100
        with pytest.raises(StorageUnavailable):
            await rig.say("tarde")
        with store.transaction() as transaction:
            assert transaction.unit.delivery.counts()["pending"] == 100


async def test_a_request_that_was_given_up_harms_nobody(rig: Rig):
    """A client that hangs up does not disturb the others in its transaction."""
    async with rig.running(is_sending=False):
        gone = asyncio.create_task(rig.reception.receive(message("hola")))
        await asyncio.sleep(0)
        gone.cancel()
        await rig.say("sigue")
        assert rig.handled[-1] == "sigue"


async def test_one_chat_holds_no_more_than_its_share_of_the_queue(rig: Rig):
    """A chat that floods is told to come again, before anything is done for it; the others are taken."""
    rig.trouble["lenta"] = stuck = Stuck()
    async with rig.running(is_sending=False):
        slow = asyncio.create_task(rig.say("lenta", chat="eve"))
        await asyncio.to_thread(stuck.has_begun.wait)
        flood = [asyncio.create_task(rig.say(str(number), chat="eve")) for number in range(200)]
        await until(lambda: sum(each.done() for each in flood) >= 201 - WAITING_AT_MOST)
        others = [asyncio.create_task(rig.say("hola", chat=f"vecina {number}")) for number in range(20)]
        await asyncio.sleep(0.1)
        refused = [each.exception() for each in flood if each.done()]
        assert len(refused) == 201 - WAITING_AT_MOST
        assert all(isinstance(each, StorageUnavailable) for each in refused)
        stuck.let_go()
        await asyncio.gather(slow, *others, *(each for each in flood if each not in refused and not each.done()))
        await rig.say("otra vez", chat="eve")
        assert await rig.counts() == {"pending": WAITING_AT_MOST + 20 + 1}
