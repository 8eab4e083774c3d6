"""A resident and an official, on each channel, each database, and in a third language: file, track, answer, close."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.phones import CHANNELS, LANGUAGES, THIRD, OpenTown, Phone, folio_in, open_town
from tests.third_language import MARK


def photo() -> bytes:
    """A small JPEG."""
    made = BytesIO()
    Image.new("RGB", (32, 32), "grey").save(made, "JPEG")
    return made.getvalue()


async def is_tracked_answered_and_closed(town: OpenTown, resident: Phone, folio: str, channel: str) -> None:
    """What follows a folio, whatever it is for."""
    official = await town.official(channel)
    await resident.says(folio.lower().replace("-", " "))
    await resident.reads(folio)

    await official.says("/cola")
    await official.reads(folio)
    await official.says(f"/tomar {folio}")
    await official.reads(folio)
    await resident.reads(folio)

    await official.says(f"/responder {folio} Mañana va la cuadrilla, gracias por avisar.")
    await official.reads("Mañana va la cuadrilla")
    await official.chooses("✅ Enviar y dejar abierto")
    assert folio in await resident.reads("Mañana va la cuadrilla")

    await official.says(f"/cerrar {folio} Quedó resuelto y revisado por la cuadrilla.")
    await official.reads("Quedó resuelto")
    await official.chooses("✅ Enviar")
    assert folio in await resident.reads("Quedó resuelto y revisado")
    await resident.says(f"/folio {folio}")
    await resident.reads("cerrado")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_report(channel: str, language: str, store_url: str, tmp_path: Path) -> None:
    """From "there is a pothole" to "it is mended", a photo among it."""
    async with open_town(tmp_path, store_url, language) as town:
        ana = await town.phone(channel)
        await ana.says("hay un bache en la calle Hidalgo")
        await ana.reads("¿Dónde es?")
        await ana.says("calle Hidalgo 5, entre Juárez y Morelos")
        await ana.reads("¿Tienes fotos?")
        await ana.sends_photo(photo())
        await ana.reads("van 1 de 5")
        await ana.chooses("Listo")
        assert "calle Hidalgo 5" in await ana.reads("Revisa")
        await ana.chooses("✅ Enviar")
        folio = folio_in(await ana.reads("Tu folio es"))
        await town.app.settle()
        await is_tracked_answered_and_closed(town, ana, folio, channel)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_information_request(channel: str, language: str, store_url: str, tmp_path: Path) -> None:
    """No name is asked; the last day is told."""
    async with open_town(tmp_path, store_url, language) as town:
        ana = await town.phone(channel)
        await ana.says("pedir información")
        await ana.reads("¿Qué información necesitas?")
        await ana.says("Cuánto se gastó en la fiesta patronal de 2025")
        await ana.reads("¿Cómo la quieres recibir?")
        await ana.chooses("Por este chat, en archivo")
        await ana.reads("Revisa")
        await ana.chooses("✅ Enviar")
        folio = folio_in(await ana.reads("3 de diciembre"))
        await is_tracked_answered_and_closed(town, ana, folio, channel)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_complaint(channel: str, language: str, store_url: str, tmp_path: Path) -> None:
    """Bad treatment gets a folio like everything else."""
    async with open_town(tmp_path, store_url, language) as town:
        ana = await town.phone(channel)
        await ana.says("queja")
        await ana.reads("¿De qué se trata tu queja?")
        await ana.chooses("Mal servicio o mal trato")
        await ana.reads("¿Qué pasó?")
        await ana.says("En licencias me dejaron esperando tres horas y no me atendieron")
        await ana.reads("¿Tienes fotos")
        await ana.chooses("Seguir sin foto")
        await ana.reads("Revisa")
        await ana.chooses("✅ Enviar")
        folio = folio_in(await ana.reads("Tu folio es"))
        await is_tracked_answered_and_closed(town, ana, folio, channel)


async def test_the_vendors_menus_are_of_the_third_language_too(store_url: str, tmp_path: Path) -> None:
    """Everybody's, and that of an official's own chat."""
    async with open_town(tmp_path, store_url, THIRD) as town:
        await town.official("telegram")
        await town.app.settle()
        menus = [call for call in town.telegram.calls_of("setMyCommands") if call.get("language_code") == THIRD]
        of_everybody = [call for call in menus if "scope" not in call]
        of_one_chat = [call for call in menus if "scope" in call]
        assert of_everybody
        assert of_one_chat
        for call in menus:
            assert all(each["description"].startswith(MARK) for each in json.loads(call["commands"]))
