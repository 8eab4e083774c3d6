"""The contract suite's hands on the fourth channel."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bot.channels import CHANNELS
from handlers.messages import Choice, IncomingMessage
from tests.channels.doors import Doors, open_doors
from tests.channels.drivers import Driver, Shown, Trouble
from tests.channels.fourth.kind import FOURTH
from tests.channels.fourth.vendor import KEY, FakePostOffice


class FourthDriver:
    """A person with a box at the post office."""

    troubles = frozenset(Trouble)
    text_limit = 1000
    open_to_strangers = frozenset()

    def __init__(self, office: FakePostOffice, doors: Doors) -> None:
        self._office = office
        self.doors = doors
        self.channel = doors.channels["fourth"]
        self.to = "ana"
        self.received: list[IncomingMessage] = doors.house.received

    async def says(self, text: str) -> None:
        assert await self._office.brings(text=text) == 200

    async def chooses(self, choice: Choice) -> None:
        assert await self._office.brings(choice=choice.id) == 200

    async def sends_place(self, latitude: float, longitude: float) -> None:
        assert await self._office.brings(latitude=latitude, longitude=longitude) == 200

    async def sends_photo(self, content: bytes, caption: str) -> None:
        self._office.photos["p1"] = content
        assert await self._office.brings(photo="p1", text=caption) == 200

    async def replies(self, provider_id: str, text: str) -> None:
        assert await self._office.brings(text=text, reply_to=provider_id) == 200

    async def repeats(self) -> None:
        assert await self._office.brings_again() == 200

    async def sees(self, count: int) -> list[Shown]:
        letters = await self._office.arrived(count)
        return [Shown(each["text"], tuple(choice["label"] for choice in each["choices"])) for each in letters]

    async def gets_into(self, trouble: Trouble) -> None:
        match trouble:
            case Trouble.BUSY:
                self._office.fails("letter", lambda: web.Response(status=429))
            case Trouble.BLOCKED:
                self._office.fails("letter", lambda: web.Response(status=403))
            case Trouble.UNKNOWN_CHAT:
                self._office.residents.clear()
            case Trouble.BROKEN_OFF:
                self._office.breaks_off("letter")
            case Trouble.AWAY:
                await self._office.close()
                # The client is to see that its kept connections are gone; else it writes into one of them.
                await asyncio.sleep(0.05)
            case Trouble.SETTING:
                self._office.key = "another"


@asynccontextmanager
async def driver(folder: Path) -> AsyncIterator[Driver]:
    """The fourth channel beside all others."""
    async with (
        FakePostOffice() as office,
        open_doors(folder, kinds=(*CHANNELS, FOURTH), FOURTH_URL=office.url, FOURTH_KEY=KEY) as doors,
    ):
        office.hook = f"{doors.url}/hooks/fourth"
        yield FourthDriver(office, doors)
