"""The contract suite's hands on Telegram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from handlers.messages import Choice, IncomingMessage
from tests.channels.doors import Doors, open_doors
from tests.channels.drivers import Driver, Shown, Trouble
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_people import BotMessage, Person

SECRET = "a-secret-for-tests"


class TelegramDriver:
    """A person on Telegram."""

    troubles = frozenset(Trouble)
    text_limit = 4096
    open_to_strangers = frozenset()

    def __init__(self, fake: FakeTelegram, doors: Doors, person: Person) -> None:
        self._fake = fake
        self.doors = doors
        self._person = person
        self.channel = doors.channels["telegram"]
        self.to = str(person.id)
        self.received: list[IncomingMessage] = doors.house.received

    async def says(self, text: str) -> None:
        await self._person.says(text)

    async def chooses(self, choice: Choice) -> None:
        await self._person.taps(choice.label)

    async def sends_place(self, latitude: float, longitude: float) -> None:
        await self._person.sends_location(latitude, longitude)

    async def sends_photo(self, content: bytes, caption: str) -> None:
        await self._person.sends_photo(content, caption)

    async def replies(self, provider_id: str, text: str) -> None:
        wanted = next(each for each in self._person.messages if provider_id == f"{each.chat_id}:{each.id}")
        await self._person.says(text, reply_to=wanted)

    async def repeats(self) -> None:
        assert await self._fake.repeat(self._person.last_update) == 200

    async def sees(self, count: int) -> list[Shown]:
        await self._person.reads(max(0, count - len(self._person.messages)))
        return [_shown(message) for message in self._person.messages]

    async def gets_into(self, trouble: Trouble) -> None:
        match trouble:
            case Trouble.BUSY:
                self._fake.too_many_requests(retry_after=7)
            case Trouble.BLOCKED:
                self._person.has_blocked = True
            case Trouble.UNKNOWN_CHAT:
                self._person.has_started = False
            case Trouble.BROKEN_OFF:
                self._fake.breaks_off("sendMessage")
            case Trouble.AWAY:
                await self._fake.close()
                # The client is to see that its kept connections are gone; else it writes into one of them.
                await asyncio.sleep(0.05)
            case Trouble.SETTING:
                self._fake.token = "another"


def _shown(message: BotMessage) -> Shown:
    # The phone's keyboard offers the place first, then the choices.
    keyboard = message.keyboard[1:] if message.wants_place else message.keyboard
    files = (message.file[1],) if message.file else ()
    return Shown(message.text, tuple(message.buttons or keyboard), message.wants_place, files)


@asynccontextmanager
async def driver(folder: Path) -> AsyncIterator[Driver]:
    """Telegram with a webhook."""
    async with (
        FakeTelegram() as fake,
        open_doors(
            folder,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=fake.url,
            TELEGRAM_MODE="webhook",
            TELEGRAM_WEBHOOK_SECRET=SECRET,
        ) as doors,
    ):
        person = fake.user(4001)
        await person.starts()
        doors.house.received.clear()
        yield TelegramDriver(fake, doors, person)
