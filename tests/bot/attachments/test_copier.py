"""What comes from a vendor and cannot be kept as it came: its sender hears that, and the next one is fine."""

import asyncio
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bot.channels.base import SendFailed
from storage.media import StoredMedia
from storage.schema import media
from storage.statements import Statement
from tests.bot.rig import Rig, photo

_SENDERS = Statement(select(media.c.address_id).order_by(media.c.id))


def picture(kind: str, size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def copied(rig: Rig, outcome: str, count: int = 1) -> tuple[StoredMedia, ...]:
    await until(lambda: rig.measured("media_copied_total", channel="letters", outcome=outcome) == count)
    await rig.quiet()
    return await rig.database.run(lambda unit: unit.media.get(range(1, 100)))


async def senders(rig: Rig) -> list[int | None]:
    return await rig.database.run(lambda unit: [row[0] for row in unit._rows.all(_SENDERS)])


async def test_a_picture_that_is_too_large_to_show_is_kept_as_a_file_and_its_sender_hears_it(rig: Rig):
    """Once, in their language."""
    rig.letters.files["large"] = picture("PNG", (4_100, 4_000))
    async with rig.running():
        await rig.say("mira", attachments=(photo("large"),))
        (kept,) = await copied(rig, "stored")
        assert (kept.state, kept.content_type) == ("stored", "application/octet-stream")
    assert sum("guardamos como archivo" in text for text in rig.letters.texts()) == 1


async def test_a_large_jpeg_is_a_picture_all_the_same(rig: Rig):
    """It is read smaller, and nobody need be told."""
    rig.letters.files["large"] = picture("JPEG", (4_100, 4_000))
    async with rig.running():
        await rig.say("mira", attachments=(photo("large"),))
        (kept,) = await copied(rig, "stored")
        assert kept.content_type == "image/jpeg"
        assert Image.open(BytesIO(await rig.files.read(str(kept.key)))).size == (2_050, 2_000)
    assert rig.letters.texts() == ["mira"]


@pytest.mark.parametrize(
    "served", [b"\xff\xd8\xff broken", SendFailed("404", is_permanent=True)], ids=["broken", "gone"]
)
async def test_what_could_not_be_kept_is_told_and_the_next_one_is_fine(rig: Rig, served: bytes | SendFailed):
    """A bomb costs its sender a word and the counter nothing."""
    rig.letters.files |= {"bomb": served, "next": picture("JPEG", (40, 20))}
    async with rig.running():
        await rig.say("mira", attachments=(photo("bomb"),))
        await copied(rig, "failed")
        await rig.say("otra", attachments=(photo("next"),))
        assert [each.state for each in await copied(rig, "stored")] == ["failed", "stored"]
    assert sum("no se guardó" in text for text in rig.letters.texts()) == 1


async def test_while_it_is_tried_again_nobody_is_told_anything(rig: Rig):
    """A vendor that is away for a minute is no loss."""
    rig.letters.files["doc"] = SendFailed("vendor: 502")
    async with rig.running():
        await rig.say("mira", attachments=(photo("doc"),))
        await copied(rig, "retry")
    assert rig.letters.texts() == ["mira"]


async def test_who_blocked_us_hears_nothing(rig: Rig):
    """Not even that."""
    rig.letters.files["bomb"] = SendFailed("vendor: 502")
    async with rig.running():
        await rig.say("mira", attachments=(photo("bomb"),))
        await copied(rig, "retry")
        (address_id,) = await senders(rig)
        assert address_id is not None
        now = rig.clock.now()
        await rig.database.run(lambda unit: unit.people.mark_unreachable(address_id, now))
        rig.letters.files["bomb"] = b""
        rig.clock.advance(seconds=2)
        rig.copier.wake()
        await copied(rig, "failed")
    assert rig.letters.texts() == ["mira"]
