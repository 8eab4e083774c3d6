"""A vendor that is away or hangs: its own messages wait, nobody else's, and what is known of each send is used."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.base import SendFailed
from bot.content.source import TownSource
from bot.outbound.attempt import UNCERTAIN_AGAIN_AFTER
from bot.outbound.outage import Outage
from bot.outbound.way import BUDGET
from handlers.messages import Address
from storage.delivery import OutboxDelivery
from storage.engine import StorageUnavailable, Store
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Letters, Rig, photo
from tests.harness import MONDAY


def away() -> SendFailed:
    return SendFailed("vendor: cannot be reached", is_away=True)


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_vendor_that_hangs_slows_nobody_else(rig: Rig):
    """More messages than one channel may have under way, each without an end; the other channel's all arrive."""
    pigeons = rig.channels["pigeons"] = Letters("pigeons")
    pigeons.seconds = {"cuelga": 3600}
    async with rig.running():
        for number in range(BUDGET + 50):
            await rig.push("cuelga", chat=f"paloma {number}", channel="pigeons")
        await rig.push(*(str(number) for number in range(20)))
        await until(lambda: len(rig.letters.arrived) == 20)
        assert len(pigeons.tried) <= BUDGET
        assert pigeons.arrived == []


async def test_copies_from_a_vendor_that_hangs_hold_up_nobody_elses(rig: Rig):
    class Slow(Letters):
        async def fetch(self, attachment):
            await asyncio.sleep(3600)
            yield b""

    rig.channels["pigeons"] = Slow("pigeons")
    rig.letters.files["doc"] = b"%PDF-1.7 a document"

    def receive(unit: SqlUnitOfWork) -> None:
        unit.media.receive(Address("pigeons", "x"), [photo(str(number)) for number in range(20)], rig.clock.now())

    async with rig.running():
        await rig.database.run(receive)
        await rig.say("mira", attachments=(photo("doc"),))
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="stored") == 1)


async def test_what_was_surely_not_sent_is_sent_again_at_once(rig: Rig):
    """A connection that was refused: no doubt, and no wait that anybody would notice."""
    rig.letters.faults["uno"] = [away()]
    async with rig.running():
        await rig.push("uno")
        await rig.quiet()
        rig.clock.advance(seconds=0.7)
        await rig.quiet()
        assert rig.letters.texts() == ["uno"]
        assert await rig.counts() == {}
    assert rig.measured("messages_sent_total", channel="letters", outcome="uncertain") == 0


async def test_while_a_vendor_is_away_one_message_tries_the_door(rig: Rig):
    """Fifty due messages cost a handful of tries, none of them is nearer to being given up, and then all arrive."""
    for number in range(50):
        rig.letters.faults[str(number)] = [away() for _ in range(100)]
    async with rig.running():
        for number in range(50):
            await rig.push(str(number), chat=f"chat {number}")
        for _ in range(10):
            rig.clock.advance(seconds=1)
            rig.outbound.wake()
            await asyncio.sleep(0.05)
        assert len(rig.letters.tried) < 30
        rig.letters.faults.clear()
        while len(rig.letters.arrived) < 50:
            rig.clock.advance(seconds=31)
            rig.outbound.wake()
            await asyncio.sleep(0.05)
    assert rig.measured("messages_sent_total", channel="letters", outcome="dead") == 0


def test_an_outage_begins_after_failures_in_a_row_and_ends_with_an_answer():
    outage, now = Outage("letters"), MONDAY
    for _ in range(4):
        outage.failed(now)
    outage.answered()
    for _ in range(4):
        outage.failed(now)
    assert outage.room(now) is None
    outage.failed(now)
    assert (outage.is_on, outage.room(now)) == (True, 0)
    pauses = []
    for _ in range(8):
        now += timedelta(seconds=outage.seconds_left(now))
        assert outage.room(now) == 1
        outage.tried(now)
        pauses.append(outage.seconds_left(now))
        outage.failed(now)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    outage.answered()
    assert (outage.is_on, outage.room(now), outage.seconds_left(now)) == (False, None, 0)


class Asked(Letters):
    """A vendor that can be asked what became of a message."""

    def __init__(self, *answers: list[str] | SendFailed) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[str] = []

    async def look_up(self, envelope, since):
        self.asked.append(envelope.message.text)
        answer = self.answers.pop(0)
        if isinstance(answer, SendFailed):
            raise answer
        return answer


async def doubtful(rig: Rig, vendor: Asked) -> None:
    """Send two messages of which the first is cut off."""
    rig.channels["letters"] = rig.letters = vendor
    vendor.faults["uno"] = [SendFailed("cut", is_uncertain=True)]
    await rig.push("uno", "dos")
    await rig.quiet()


async def again(rig: Rig) -> None:
    rig.clock.advance(seconds=UNCERTAIN_AGAIN_AFTER.total_seconds())
    await rig.quiet()


async def test_a_vendor_that_has_the_message_is_not_sent_it_again(rig: Rig):
    async with rig.running():
        await doubtful(rig, Asked(["SM7"]))
        await again(rig)
        assert rig.letters.tried == ["uno", "dos"]
        assert await rig.counts() == {}


async def test_a_vendor_that_never_had_it_gets_it(rig: Rig):
    """And another doubt about the second try is asked about again."""
    async with rig.running():
        await doubtful(rig, Asked([]))
        await again(rig)
        assert rig.letters.texts() == ["uno", "dos"]
        assert await rig.counts() == {}


async def test_a_vendor_that_does_not_answer_holds_up_the_chat_only_for_a_moment(rig: Rig):
    """Asked a few times; then it stays uncertain, is not sent again, and the later words go on."""
    mute = SendFailed("mute", is_away=True)
    async with rig.running():
        await doubtful(rig, Asked(*[mute] * 9))
        for _ in range(5):
            await again(rig)
        assert rig.letters.tried == ["uno", "dos"]
        assert len(rig.letters.asked) == 3
        assert await rig.counts() == {"uncertain": 1}


async def test_a_claim_whose_answer_was_lost_is_sent_all_the_same(
    rig: Rig, store: Store, monkeypatch: pytest.MonkeyPatch
):
    """The commit went through and the connection broke: on SQLite too, those rows are not left standing."""
    run, lost = rig.database.run, []

    async def lose_once(work, *, key=""):
        answer = await run(work, key=key)
        if key == "delivery" and not lost and answer.parcels:
            lost.extend(parcel.row.id for parcel in answer.parcels)
            raise StorageUnavailable("the connection broke after the commit")
        return answer

    monkeypatch.setattr(rig.database, "run", lose_once)
    async with rig.running():
        await rig.push("uno", "dos")
        await until(lambda: rig.letters.texts() == ["uno", "dos"])
        assert len(lost) == 1
        assert rig.measured("messages_sent_total", channel="letters", outcome="uncertain") == 0


async def test_a_result_that_cannot_be_written_leaves_its_row_in_doubt_and_nobody_waits(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    """It is not sent again, since it went out; its chat and the others' go on."""
    write = OutboxDelivery.many_sent

    def many_sent(self, sent, now):
        settled = list(sent)
        if any(provider_id == "id-1" for _, provider_id in settled):
            raise ValueError("an id that no column takes")
        write(self, settled, now)

    monkeypatch.setattr(OutboxDelivery, "many_sent", many_sent)
    async with rig.running():
        await rig.push("uno", "dos")
        await rig.push("tres", chat="luis")
        await until(lambda: len(rig.letters.arrived) == 3)
        await rig.quiet()
        assert await rig.counts() == {"uncertain": 1}
    assert sorted(rig.letters.tried) == ["dos", "tres", "uno"]


async def test_of_a_killed_process_only_what_had_begun_may_come_twice(rig: Rig, towns: TownSource, tmp_path: Path):
    """Two rows stand claimed; one of them was on its way."""
    async with rig.running(is_sending=False):
        await rig.outbound.take_up(tmp_path / "sending")
        await rig.push("uno")
        await rig.push("dos", chat="luis")
        claimed = await rig.database.run(
            lambda unit: unit.claims.claim(rig.outbound.owner, rig.clock.now(), {"letters": 9})
        )
        rig.outbound._begun.begin(claimed[0].id)

    after = Rig(rig.store, towns, tmp_path)
    after.clock.advance(seconds=60)
    async with after.running(is_sending=False):
        await after.outbound.take_up(tmp_path / "sending")
        rows = await after.database.run(lambda unit: unit.claims.claim("x", after.clock.now(), {"letters": 9}))
        assert {row.message.text: row.uncertain_count for row in rows} == {"uno": 1, "dos": 0}
