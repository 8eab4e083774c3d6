"""The content is looked after in the running counter, by its own clockwork."""

import asyncio
from pathlib import Path

from bot.services import Services
from tests.harness import running_app
from tests.small_town import ARTICLES, write_article, write_small_town


async def body_of(services: Services, name: str, words: str) -> None:
    """Wait until the town says so."""
    async with asyncio.timeout(30):
        while words not in services.towns.current.library.articles["es"][name].body:
            await asyncio.sleep(0.05)


async def test_a_file_dropped_into_the_running_counter_is_live_within_seconds(tmp_path: Path):
    """A sound one is taken, a broken one is not, and the counter goes on."""
    folder = write_small_town(tmp_path / "content")
    async with running_app(tmp_path, CONTENT_DIR=str(folder), WEBCHAT="on") as app:
        write_article(folder, "acta", ARTICLES["acta"].replace("en el momento", "al día siguiente"))
        await body_of(app.services, "acta", "al día siguiente")
        write_article(folder, "acta", "broken")
        async with asyncio.timeout(30):
            while "the content has mistakes" not in app.logs:
                await asyncio.sleep(0.05)
        assert "al día siguiente" in app.services.towns.current.library.articles["es"]["acta"].body
        write_article(folder, "acta", ARTICLES["acta"])
        await body_of(app.services, "acta", "en el momento")
