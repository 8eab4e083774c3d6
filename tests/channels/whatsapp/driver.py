"""The contract suite's hands on WhatsApp."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from handlers.messages import Choice, IncomingMessage
from tests.channels.doors import Doors, open_doors
from tests.channels.drivers import Driver, Shown, Trouble
from tests.fakes.twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio
from tests.fakes.twilio_people import Person, TownMessage


class WhatsAppDriver:
    """A person on WhatsApp."""

    troubles = frozenset(Trouble)
    text_limit = 1600
    open_to_strangers = frozenset()

    def __init__(self, fake: FakeTwilio, doors: Doors, person: Person) -> None:
        self._fake = fake
        self.doors = doors
        self._person = person
        self.channel = doors.channels["whatsapp"]
        self.to = "whatsapp:+523312345678"
        self.received: list[IncomingMessage] = doors.house.received

    async def says(self, text: str) -> None:
        assert await self._person.says(text) == 200

    async def chooses(self, choice: Choice) -> None:
        # Session messages have no buttons; those of a template carry our id.
        assert await self._person.taps(choice.id, choice.label) == 200

    async def sends_place(self, latitude: float, longitude: float) -> None:
        assert await self._person.sends_location(latitude, longitude) == 200

    async def sends_photo(self, content: bytes, caption: str) -> None:
        assert await self._person.sends_photo(content, caption) == 200

    async def replies(self, provider_id: str, text: str) -> None:
        wanted = next(each for each in self._person.messages if provider_id == each.sid)
        assert await self._person.says(text, reply_to=wanted) == 200

    async def repeats(self) -> None:
        assert await self._person.repeats() == 200

    async def sees(self, count: int) -> list[Shown]:
        await self._person.reads(max(0, count - len(self._person.messages)))
        return [_shown(message) for message in self._person.messages]

    async def gets_into(self, trouble: Trouble) -> None:
        match trouble:
            case Trouble.BUSY:
                self._fake.refuses(20429, 429, "Too many requests")
            case Trouble.BLOCKED:
                self._person.has_opted_out = True
            case Trouble.UNKNOWN_CHAT:
                self._fake.refuses(63003, times=2)
            case Trouble.BROKEN_OFF:
                self._fake.breaks_off("create")
            case Trouble.AWAY:
                await self._fake.close()
                # The client is to see that its kept connections are gone; else it writes into one of them.
                await asyncio.sleep(0.05)
            case Trouble.SETTING:
                self._fake.token = "another"


def _shown(message: TownMessage) -> Shown:
    controls = [line.strip("_") for line in message.text.splitlines()[-1].split(" · ") if line.startswith("_")]
    files = tuple(content for _, content in message.files)
    return Shown(message.text, (*message.options, *controls), files=files)


@asynccontextmanager
async def driver(folder: Path) -> AsyncIterator[Driver]:
    """WhatsApp with its webhooks; the person's phone has kept the old spelling of Mexican mobile numbers."""
    async with (
        FakeTwilio() as fake,
        open_doors(
            folder,
            TWILIO_ACCOUNT_SID=ACCOUNT,
            TWILIO_AUTH_TOKEN=TOKEN,
            TWILIO_WHATSAPP_FROM=SENDER,
            TWILIO_API_URL=fake.url,
        ) as doors,
    ):
        fake.webhook_url = f"{doors.url}/hooks/whatsapp"
        person = fake.user("+5213312345678")
        await person.says("hola")
        doors.house.received.clear()
        yield WhatsAppDriver(fake, doors, person)
