"""The house with one channel more: nothing of it had to be told but its kind."""

import asyncio
from pathlib import Path

from bot.channels import CHANNELS
from handlers.messages import Address
from tests.channels.fourth.kind import FOURTH
from tests.channels.fourth.vendor import KEY, FakePostOffice
from tests.harness import running_app

KINDS = (*CHANNELS, FOURTH)


async def test_a_resident_of_a_fourth_channel_leaves_with_a_folio(tmp_path: Path) -> None:
    """From the letter to the stored ticket, and back to the box; the links on the page lead there too."""
    async with (
        FakePostOffice() as office,
        running_app(tmp_path, kinds=KINDS, FOURTH_URL=office.url, FOURTH_KEY=KEY) as app,
    ):
        office.hook = f"{app.url}/hooks/fourth"
        for said, heard in (
            ("hay un bache enorme en la calle Hidalgo", "Dónde"),
            ("1", "foto"),
            ("1", "Enviar"),
            ("1", "folio"),
        ):
            before = len(office.letters)
            assert await office.brings(text=said) == 200
            async with asyncio.timeout(10):
                while not any(heard.lower() in _all_of(each).lower() for each in office.letters[before:]):
                    await asyncio.sleep(0.01)
        person = await app.database(lambda unit: unit.people.arrive(_ana(), language="es", now=app.clock.now()))
        (ticket,) = await app.database(lambda unit: unit.tickets.of_person(person.person_id))
        assert ticket.service == "VIA-BACHE"
        assert office.violations == []


def _all_of(letter: dict[str, object]) -> str:
    return f"{letter['text']} {letter['choices']}"


def _ana() -> Address:
    return Address("fourth", "ana")
