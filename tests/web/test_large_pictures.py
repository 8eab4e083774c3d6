"""Pictures that are too much, from a browser that does not make them smaller as our page does."""

import asyncio
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from tests.harness import RunningApp
from tests.web.person import WebPerson

pytestmark = pytest.mark.asyncio(loop_scope="module")


def picture(kind: str, size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


async def upload(app: RunningApp, person: WebPerson, content: bytes) -> int:
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(content), filename="file")
    async with person.session.post(f"{app.url}/chat/attachments", data=form, headers=person.headers) as answer:
        return answer.status


async def test_one_that_is_too_large_to_show_is_kept_as_a_file(everywhere: RunningApp) -> None:
    """Its sender hears it in the chat, and it can be fetched, not shown."""
    # Made before anybody connects: while it is made, the counter in this process hears nobody.
    large = picture("WEBP", (4_100, 4_000))
    async with WebPerson(everywhere.url) as ana:
        await ana.starts()
        await ana.sends_photo(large, caption="hay un bache")
        await ana.reads_until("guardamos como archivo", seconds=60)


async def test_a_bomb_is_refused_and_the_next_picture_is_taken(everywhere: RunningApp) -> None:
    """By the same process, while others write."""
    bomb, large = picture("JPEG", (900, 900))[:4000], picture("JPEG", (8_000, 6_125))
    async with WebPerson(everywhere.url) as ana, WebPerson(everywhere.url) as beto:
        statuses = asyncio.gather(*(upload(everywhere, ana, bomb) for _ in range(5)))
        await beto.starts()
        await beto.reads_until("¿Qué necesitas?", seconds=60)
        assert await statuses == [415] * 5
        assert await upload(everywhere, ana, large) == 201
        assert await upload(everywhere, ana, b"GIF89a" + bytes(100)) == 415
