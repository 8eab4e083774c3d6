"""The way out: in order, at most once more when nobody knows, and never lost."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.base import SendFailed
from bot.content.source import TownSource
from bot.outbound import loop
from bot.outbound.attempt import TRIES_AT_MOST, UNCERTAIN_AGAIN_AFTER, wait_seconds
from handlers.messages import Address
from storage.engine import Store
from storage.media import StoredMedia
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Letters, Rig, photo


def away() -> SendFailed:
    return SendFailed("vendor: 502")


def unsure() -> SendFailed:
    return SendFailed("vendor: timed out", is_uncertain=True)


async def test_a_reply_leaves_as_soon_as_it_is_committed(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    """Nobody waits for a poll."""
    monkeypatch.setattr(loop, "POLL_SECONDS", 3600.0)
    async with rig.running():
        await asyncio.sleep(0.05)
        await rig.say("hola")
        await until(lambda: len(rig.letters.arrived) == 1)
        await rig.quiet()
        assert await rig.counts() == {}
    assert rig.measured("messages_sent_total", channel="letters", outcome="sent") == 1


async def test_a_chat_reads_in_order_while_a_slow_one_holds_up_nobody(rig: Rig):
    slow = rig.letters.gates["lento"] = asyncio.Event()
    async with rig.running():
        await rig.push("lento", "después", chat="luis")
        await rig.push(*(str(number) for number in range(30)))
        await until(lambda: len(rig.letters.texts("ana")) == 30)
        assert rig.letters.texts("luis") == []
        slow.set()
        await rig.quiet()
    assert rig.letters.texts("ana") == [str(number) for number in range(30)]
    assert rig.letters.texts("luis") == ["lento", "después"]


async def test_what_failed_is_tried_again_and_the_rest_waits_behind_it(rig: Rig):
    """The answer never arrives before the question."""
    rig.letters.faults["dos"] = [away(), away()]
    async with rig.running():
        await rig.push("uno", "dos", "tres")
        await rig.quiet()
        assert rig.letters.texts() == ["uno"]
        await rig.push("cuatro")
        await rig.quiet()
        assert rig.letters.texts() == ["uno"]
        rig.clock.advance(seconds=6)
        await rig.quiet()
        assert rig.letters.tried == ["uno", "dos", "dos"]
        rig.clock.advance(seconds=16)
        await rig.quiet()
    assert rig.letters.texts() == ["uno", "dos", "tres", "cuatro"]


async def test_a_failing_chat_does_not_stop_the_others(rig: Rig):
    rig.letters.faults["mala"] = [away()]
    async with rig.running():
        await rig.push("mala", chat="luis")
        await rig.push("buena")
        await rig.quiet()
    assert rig.letters.arrived == [("ana", "buena")]


async def test_the_wait_a_vendor_asks_for_is_kept(rig: Rig):
    rig.letters.faults["uno"] = [SendFailed("429", retry_after_seconds=40)]
    async with rig.running():
        await rig.push("uno")
        await rig.quiet()
        rig.clock.advance(seconds=35)
        await rig.quiet()
        assert rig.letters.tried == ["uno"]
        rig.clock.advance(seconds=6)
        await rig.quiet()
    assert rig.letters.texts() == ["uno"]


async def test_what_may_have_arrived_is_sent_once_more_and_never_again(rig: Rig):
    """Twice the same sentence is bearable, four times is not."""
    rig.letters.faults["uno"] = [unsure(), unsure()]
    async with rig.running():
        await rig.push("uno", "dos")
        await rig.quiet()
        assert rig.letters.tried == ["uno"]
        rig.clock.advance(seconds=UNCERTAIN_AGAIN_AFTER.total_seconds())
        await rig.quiet()
        assert rig.letters.tried == ["uno", "uno", "dos"]
        rig.clock.advance(days=3)
        await rig.quiet()
        assert rig.letters.tried == ["uno", "uno", "dos"]
        assert await rig.counts() == {"uncertain": 1}


async def test_an_unknown_failure_counts_as_uncertain(rig: Rig):
    """A mistake in our own adapter may come after the vendor took the message."""
    rig.letters.faults["uno"] = [KeyError("result"), KeyError("result")]
    async with rig.running():
        await rig.push("uno")
        await rig.quiet()
        rig.clock.advance(seconds=61)
        await rig.quiet()
        rig.clock.advance(days=1)
        await rig.quiet()
        assert await rig.counts() == {"uncertain": 1}
    assert rig.letters.tried == ["uno", "uno"]


async def test_what_is_refused_for_good_is_dead_and_the_next_goes_out(rig: Rig):
    rig.letters.faults["uno"] = [SendFailed("400", is_permanent=True)]
    async with rig.running():
        await rig.push("uno", "dos")
        await rig.quiet()
        assert await rig.counts() == {"dead": 1}
    assert rig.letters.texts() == ["dos"]


async def test_a_chat_where_nothing_arrives_any_more_is_marked(rig: Rig):
    """Staff see that this resident cannot be reached here; a new message of theirs clears it."""
    rig.letters.faults["uno"] = [SendFailed("403 blocked", is_permanent=True, is_unreachable=True)]

    def address_id(unit: SqlUnitOfWork) -> int:
        return unit.people.arrive(Address("letters", "ana"), language="es", now=rig.clock.now()).address_id

    async with rig.running():
        ana = await rig.database.run(address_id)
        await rig.push("uno")
        await rig.quiet()
        assert (await rig.database.run(lambda unit: unit.people.contact(ana))).unreachable_at is not None
        await rig.say("ya regresé")
        assert (await rig.database.run(lambda unit: unit.people.contact(ana))).unreachable_at is None


async def test_after_a_day_of_failures_it_is_given_up(rig: Rig):
    rig.letters.faults["uno"] = [away() for _ in range(50)]
    async with rig.running():
        await rig.push("uno")
        for _ in range(30):
            await rig.quiet()
            rig.clock.advance(hours=6, minutes=1)
        await rig.quiet()
        assert await rig.counts() == {"dead": 1}
    assert len(rig.letters.tried) == TRIES_AT_MOST


async def test_a_channel_that_is_switched_off_loses_nothing(rig: Rig):
    """Its messages wait; when it is back they go out."""
    async with rig.running():
        await rig.push("uno", channel="pigeons")
        await rig.quiet()
        assert await rig.counts() == {"pending": 1}
        pigeons = rig.channels["pigeons"] = Letters("pigeons")
        await rig.quiet()
    assert pigeons.texts() == ["uno"]


async def test_stopping_finishes_what_is_under_way_and_gives_back_the_rest(rig: Rig, store: Store):
    rig.letters.seconds["uno"] = 0.2
    async with rig.running():
        await rig.push("uno", "dos", "tres")
        while not rig.letters.tried:
            await asyncio.sleep(0.005)
        await rig.outbound.stop(4.0)
        assert await rig.counts() == {"pending": 2}
    assert rig.letters.texts() == ["uno"]


async def test_a_send_that_is_cut_off_is_uncertain(rig: Rig):
    """It may have arrived: it is recorded so, not as if nothing had been sent."""
    rig.letters.seconds["uno"] = 30
    async with rig.running():
        await rig.push("uno", "dos")
        while not rig.letters.tried:
            await asyncio.sleep(0.005)
        await rig.outbound.stop(0.2)
        assert await rig.counts() == {"pending": 2}
        assert await rig.database.run(lambda unit: unit.claims.claim("next", rig.clock.now(), {"letters": 9})) == ()
        rig.clock.advance(seconds=UNCERTAIN_AGAIN_AFTER.total_seconds())
        claimed = await rig.database.run(lambda unit: unit.claims.claim("next", rig.clock.now(), {"letters": 9}))
        assert [(row.message.text, row.uncertain_count) for row in claimed] == [("uno", 1)]


async def test_what_a_killed_process_was_sending_is_sent_once_more(rig: Rig, towns: TownSource, tmp_path: Path):
    """Claimed and never settled: it may have arrived, so it is tried exactly once more."""
    async with rig.running(is_sending=False):
        await rig.push("uno", "dos")
        room = {"letters": 1}
        claimed = await rig.database.run(
            lambda unit: unit.claims.claim("a process that is gone", rig.clock.now(), room)
        )
        assert [row.message.text for row in claimed] == ["uno"]
        await rig.database.run(lambda unit: make_older(unit, seconds=60))

    after = Rig(rig.store, towns, tmp_path)
    after.clock.advance(seconds=60)
    async with after.running(is_sending=False):
        await after.outbound.take_up(tmp_path / "sending")
        after.outbound.start()
        await after.quiet()
        assert after.letters.texts() == ["uno", "dos"]


def make_older(unit: SqlUnitOfWork, seconds: int) -> None:
    """As if what was claimed had been claimed earlier, by the database's clock."""
    rows = unit.delivery._rows
    earlier = f"{seconds * 1_000_000}" if rows.is_sqlite else f"interval '{seconds} seconds'"
    rows.command(f"UPDATE outbox SET claimed_at = claimed_at - {earlier} WHERE state = 'sending'")


@pytest.mark.parametrize(
    ("attempts", "retry_after", "expected"),
    [
        (0, None, 5),
        (1, None, 15),
        (4, None, 405),
        # 5 * 3**8 = 32805, more than six hours.
        (8, None, 21600),
        (11, None, 21600),
        (0, 1.0, 1),
        (2, 7.0, 7),
        # A vendor that keeps asking for one second is not believed for ever.
        (3, 1.0, 135),
        (3, 600.0, 600),
    ],
)
def test_waits_grow(attempts: int, retry_after: float | None, expected: float):
    assert wait_seconds(attempts, retry_after, chance=0.0) == expected


def test_waits_differ_by_chance_so_that_not_all_come_back_at_once():
    assert wait_seconds(0, None, chance=1.0) == 6.25
    assert wait_seconds(0, 10.0, chance=1.0) == 11


def test_twelve_tries_take_about_a_day():
    """5 + 15 + 45 + 135 + 405 + 1215 + 3645 + 10935 s, then three times six hours: 22.6 hours."""
    total = sum(wait_seconds(attempts, None, chance=0.0) for attempts in range(TRIES_AT_MOST - 1))
    assert 22 < total / 3600 < 24


async def test_a_process_that_dies_leaves_in_doubt_only_what_was_really_on_its_way(rig: Rig):
    """Ten messages to one chat and a channel that lets two a second pass: the others were never claimed."""
    rig.letters.features = replace(rig.letters.features, overall_rate=2.0)
    for number in range(6):
        rig.letters.seconds[f"{number}"] = 30
    async with rig.running():
        await rig.push(*(str(number) for number in range(3)), chat="ana")
        for number in range(3, 6):
            await rig.push(str(number), chat=f"chat {number}")
        await until(lambda: len(rig.letters.tried) >= 2)
        await asyncio.sleep(0.05)
        counts = await rig.counts()
        assert counts["sending"] == len(rig.letters.tried) <= 3
        assert rig.letters.tried[0] == "0"
        assert "1" not in rig.letters.tried


async def test_a_channels_own_pace_is_kept(rig: Rig):
    """20 a second after a burst of 20: 30 messages take at least half a second, and all arrive."""
    rig.letters.features = replace(rig.letters.features, overall_rate=20.0)
    async with rig.running():
        begun_at = asyncio.get_running_loop().time()
        for number in range(30):
            await rig.push(str(number), chat=str(number))
        await until(lambda: len(rig.letters.arrived) == 30)
        assert asyncio.get_running_loop().time() - begun_at >= 0.45


PDF = b"%PDF-1.7 a document that is longer than one piece"


async def the_media(rig: Rig) -> StoredMedia:
    """The only attachment there is."""
    (found,) = await rig.database.run(lambda unit: unit.media.get(range(1, 100)))
    return found


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_an_attachment_is_copied_from_the_vendor_to_our_store(rig: Rig):
    rig.letters.files["doc"] = PDF
    async with rig.running():
        await rig.say("mira", attachments=(photo("doc"),))
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="stored") == 1)
        media = await the_media(rig)
        assert media.state == "stored"
        assert media.content_type == "application/pdf"
        assert await rig.files.read(str(media.key)) == PDF


async def test_a_copy_that_fails_is_tried_again(rig: Rig):
    rig.letters.files["doc"] = SendFailed("vendor: 502")
    async with rig.running():
        await rig.say("mira", attachments=(photo("doc"),))
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="retry") == 1)
        rig.letters.files["doc"] = PDF
        rig.clock.advance(seconds=2)
        rig.copier.wake()
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="stored") == 1)


@pytest.mark.parametrize(
    "served",
    [SendFailed("404", is_permanent=True), b"", b"\xff\xd8\xff broken", b"%PDF-" + bytes(21 * 1024 * 1024)],
    ids=["gone at the vendor", "empty", "broken", "too large"],
)
async def test_a_copy_that_can_never_work_is_given_up(rig: Rig, served: bytes | SendFailed):
    rig.letters.files["doc"] = served
    async with rig.running():
        await rig.say("mira", attachments=(photo("doc"),))
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="failed") == 1)
        assert (await the_media(rig)).state == "failed"


async def test_a_message_waits_a_moment_for_its_attachment(rig: Rig):
    """The official sees the photo with the words, not an empty card."""
    rig.letters.files["doc"] = SendFailed("vendor: 502")
    async with rig.running():
        await rig.say("mira", attachments=(photo("doc"),))
        await rig.push("una foto", media=((await the_media(rig)).id,))
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="retry") == 1)
        assert "una foto" not in rig.letters.texts()
        rig.letters.files["doc"] = PDF
        rig.clock.advance(seconds=5)
        rig.copier.wake()
        await until(lambda: "una foto" in rig.letters.texts())
        rig.clock.advance(seconds=5)
    (letter,) = [each for each in rig.letters.letters if each.message.text == "una foto"]
    assert [file.content for file in letter.files] == [PDF]


async def test_a_message_goes_without_an_attachment_that_never_came(rig: Rig):
    rig.letters.files["doc"] = SendFailed("404", is_permanent=True)
    async with rig.running():
        await rig.say("mira", attachments=(photo("doc"),))
        await until(lambda: rig.measured("media_copied_total", channel="letters", outcome="failed") == 1)
        await rig.push("una foto", media=((await the_media(rig)).id, 999))
        await rig.quiet()
    (letter,) = [each for each in rig.letters.letters if each.message.text == "una foto"]
    assert letter.files == ()


async def test_a_message_in_parts_goes_on_where_it_failed(rig: Rig):
    """What the vendor took is said once, however the try for the rest ended."""
    rig.letters.parts["largo"] = ["principio", "fin"]
    rig.letters.faults["fin"] = [away(), unsure()]
    async with rig.running():
        await rig.push("largo", "después")
        for _ in range(2):
            await rig.quiet()
            assert rig.letters.texts() == ["principio"]
            rig.clock.advance(seconds=120)
        await rig.quiet()
    assert rig.letters.texts() == ["principio", "fin", "después"]
    assert rig.letters.tried.count("principio") == 1


async def test_every_part_of_a_message_is_known_by_its_id(rig: Rig):
    rig.letters.parts["largo"] = ["principio", "fin"]
    async with rig.running():
        await rig.push("largo")
        await rig.quiet()

        def receive(unit: SqlUnitOfWork) -> None:
            unit.delivery.receipt("letters", "id-1", "failed", "63016", rig.clock.now())
            unit.delivery.receipt("letters", "id-2", "delivered", None, rig.clock.now())

        await rig.database.run(receive)
        assert await rig.counts() == {"failed": 1}
