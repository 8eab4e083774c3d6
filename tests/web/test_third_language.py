"""A third language in the web chat, before any browser: the pages, the texts of their scripts, and a whole report."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest_asyncio

from bot.menus import menus_of
from tests.harness import RunningApp, running_app
from tests.third_language import CODE, MARK, NAME, write_trilingual_town
from tests.web.person import WebPerson


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[RunningApp]:
    """The counter of a town with three languages."""
    async with running_app(tmp_path, CONTENT_DIR=str(write_trilingual_town(tmp_path / "content"))) as app:
        yield app


async def test_the_pages_speak_it(app: RunningApp) -> None:
    """For a browser that likes it best, and by the link that every page has."""
    async with aiohttp.ClientSession(app.url) as web:
        async with web.get("/", headers={"Accept-Language": f"{CODE},es;q=0.5"}) as answer:
            assert f'<html lang="{CODE}">' in await answer.text()
        async with web.get("/") as answer:
            page = await answer.text()
            assert re.search(rf'href="[^"]*lang={CODE}"[^>]*>{NAME}<', page)
        async with web.get(f"/chat?lang={CODE}") as answer:
            page = await answer.text()
            assert f'"start":"{MARK}Empezar"' in page
            assert '"locale":"es-MX"' in page, "numbers and dates as its folder says"


async def test_a_report_is_filed_and_closed_in_it(app: RunningApp) -> None:
    """A resident and an official, each on their own page in this language."""
    async with WebPerson(app.url, language=CODE) as ana:
        await ana.says("/reportar VIA-BACHE")
        assert (await ana.reads_until("¿Dónde es?")).text.find(MARK) >= 0
        await ana.says("calle Hidalgo 5, colonia Centro")
        await ana.reads_until("Cuéntame")
        await ana.says("Hay un hoyo enorme desde hace un mes")
        await ana.reads_until("¿Tienes fotos?")
        await ana.taps(f"{MARK}Seguir sin foto")
        await ana.reads_until("Revisa")
        await ana.taps(f"{MARK}✅ Enviar")
        filed = await ana.reads_until("Tu folio es")
        assert filed.text.startswith(MARK)
        await ana.says("/idioma")
        await ana.reads_until("¿En qué idioma")
        assert {"Español", "English", NAME} <= set(ana.messages[-1].buttons)


async def test_the_vendors_menus_describe_each_command_in_it(app: RunningApp) -> None:
    """Whatever a channel can show, the words are there."""
    menus = menus_of(app.services.towns.current)
    for role in menus.by_role:
        for command in menus.of(role):
            assert command.descriptions[CODE].startswith(MARK), command.name
