"""What is over its term goes, rows and files, and nobody waits for it longer than for a slice."""

import asyncio
from datetime import timedelta

import pytest

from bot.jobs import forgetting
from handlers.messages import Address, Attachment, AttachmentKind
from storage.retention import ATTACHMENTS, RULES
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Rig, message
from tests.storage.samples import add_ticket, arrive

JPEG = Attachment(AttachmentKind.PHOTO, "photo-1", "image/jpeg")


async def copied_photo(rig: Rig, content: bytes, chat: str = "ana") -> tuple[int, str]:
    """(number, key) of a photo that came in and was copied."""
    stored = await rig.files.save(content)

    def work(unit: SqlUnitOfWork) -> int:
        unit.people.arrive(Address("letters", chat), language="es", now=rig.clock.now())
        (media_id,) = unit.media.receive(Address("letters", chat), [JPEG], rig.clock.now())
        unit.media.copied(media_id, stored.key, stored.content_type, stored.size, rig.clock.now())
        return media_id

    return await rig.database.run(work), stored.key


async def ring(rig: Rig, *names: str) -> None:
    for name in names:
        await rig.sweeps.ring(name)
        assert rig.measured("sweeps_total", sweep=name, outcome="failed") == 0


async def test_a_photo_of_a_form_that_was_dropped_goes_with_its_file(rig: Rig) -> None:
    """And that of a ticket stays."""
    async with rig.running(is_sending=False):
        _, dropped = await copied_photo(rig, b"%PDF-1.4 dropped")
        media_id, filed = await copied_photo(rig, b"%PDF-1.4 filed", "beto")
        await rig.database.run(
            lambda unit: add_ticket(unit, arrive(unit, "beto", "letters"), media=(media_id,)) and None
        )
        rig.clock.advance(days=8)
        await ring(rig, "forget attachments", "delete files")
        assert await rig.files.has(dropped)
        rig.clock.advance(days=1)
        await ring(rig, "forget attachments", "delete files")
        assert not await rig.files.has(dropped)
        assert await rig.files.has(filed)
    assert rig.measured("forgotten_total", rule="attachments") == 1
    assert rig.measured("forgotten_total", rule="files") == 1


async def test_a_file_that_could_not_be_deleted_is_deleted_later(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is gone by then, and the process that took it away may be too: what is left to do is stored."""
    delete, away = rig.files.delete, True

    async def fails_once(key: str) -> None:
        if away:
            raise OSError("the store is away")
        await delete(key)

    monkeypatch.setattr(rig.files, "delete", fails_once)
    async with rig.running(is_sending=False):
        _, key = await copied_photo(rig, b"%PDF-1.4 dropped")
        rig.clock.advance(days=9)
        await ring(rig, "forget attachments", "delete files")
        assert await rig.files.has(key)
        away = False
        await ring(rig, "delete files")
        assert not await rig.files.has(key)
        await ring(rig, "delete files")
    assert rig.measured("forgotten_total", rule="files") == 1


async def test_a_message_waits_for_one_slice_at_most(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is to be forgotten: between two slices whoever wants the database has it."""
    monkeypatch.setattr(forgetting, "ROWS_AT_MOST", 10)
    rows = 400

    def fill(unit: SqlUnitOfWork) -> None:
        for number in range(rows):
            unit.inbox.admit(message("old", external_id=f"old-{number}"), rig.clock.now())

    async with rig.running(is_sending=False):
        await rig.database.run(fill)
        rig.clock.advance(days=8)
        sweeping = asyncio.create_task(rig.sweeps.ring("forget messages"))
        gone = []
        while not sweeping.done() and len(gone) < 5:
            await rig.say("hola")
            gone.append(rig.measured("forgotten_total", rule="messages"))
        assert len(gone) == 5
        # Each message came through while there was still something to forget.
        assert gone[-1] < rows
        await sweeping
    assert rig.measured("forgotten_total", rule="messages") == rows


async def test_slices_never_come_two_at_a_time(rig: Rig) -> None:
    """All sweeps ring in the same second: the database still has its pauses."""
    begun, at_once = 0, []

    async def run(work: object) -> int:
        nonlocal begun
        begun += 1
        at_once.append(begun)
        await asyncio.sleep(0.001)
        begun -= 1
        return 0

    rig.forgetting._slices._database = type("Queue", (), {"run": staticmethod(run)})()
    await asyncio.gather(*(sweep.run() for sweep in rig.forgetting.all if sweep.name.startswith("forget")))
    assert at_once == [1] * len(RULES)


async def test_the_town_chooses_how_long(rig: Rig) -> None:
    """A photo without a ticket lives as long as a form can wait, and a day more."""
    city = rig.forgetting._towns.current.city
    assert ATTACHMENTS.term.lasts(city) == city.drafts_kept_for + city.conversation_expires_after + timedelta(days=1)
