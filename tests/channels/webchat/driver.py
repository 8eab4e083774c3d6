"""The contract suite's hands on the web chat: its door and a real mailbox, with nothing behind them but a list."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.channels.webchat.parse import address_of
from handlers.messages import Choice, IncomingMessage, OutgoingMessage
from storage.engine import StorageUnavailable, Store
from storage.unit_of_work import SqlUnitOfWork
from tests.channels.doors import Doors, ListHouse, open_doors
from tests.channels.drivers import Driver, Shown, Trouble
from tests.databases import database
from tests.harness import MovableClock
from tests.web.person import WebMessage, WebPerson

T = TypeVar("T")


class MailboxHouse(ListHouse):
    """Takes messages into a list; other work goes to a real database."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def run(self, work: Callable[[Any], object], *, key: str = "") -> Any:
        if self.is_away:
            raise StorageUnavailable("the database is away")
        return await asyncio.to_thread(self._do, work)

    def _do(self, work: Callable[[SqlUnitOfWork], T]) -> T:
        with self._store.transaction() as transaction, transaction.savepoint() as unit:
            return work(unit)


class WebChatDriver:
    """A person with the chat open."""

    #: The "vendor" is our own database: it can be away, and that is all.
    troubles = frozenset({Trouble.AWAY})
    text_limit = 20_000
    open_to_strangers = frozenset({("POST", "/chat/session")})

    def __init__(self, doors: Doors, house: MailboxHouse, person: WebPerson, to: str, media: Path) -> None:
        self.doors = doors
        self.channel = doors.channels["webchat"]
        self.to = to
        self.received: list[IncomingMessage] = house.received
        self._house = house
        self._person = person
        self._media = media

    async def says(self, text: str) -> None:
        await self._person.says(text)

    async def chooses(self, choice: Choice) -> None:
        await self._person.taps(choice.label)

    async def sends_place(self, latitude: float, longitude: float) -> None:
        await self._person.sends_location(latitude, longitude)

    async def sends_photo(self, content: bytes, caption: str) -> None:
        # The door for uploads cleans pictures, and takes none that is broken; here one is in the store already.
        key = secrets.token_hex(16)
        (self._media / key[:2]).mkdir(parents=True)
        (self._media / key[:2] / key).write_bytes(content)
        await self._person.sends({"attachments": [key], "text": caption})

    async def replies(self, provider_id: str, text: str) -> None:
        await self._person.sends({"text": text, "reply_to": provider_id})

    async def repeats(self) -> None:
        await self._person.repeats()

    async def sees(self, count: int) -> list[Shown]:
        await self._person.reads(max(0, count - len(self._person.messages)))
        return [_shown(message) for message in self._person.messages]

    async def gets_into(self, trouble: Trouble) -> None:
        assert trouble is Trouble.AWAY
        self._house.is_away = True


def _shown(message: WebMessage) -> Shown:
    return Shown(message.text, tuple(message.buttons), message.wants_place)


@asynccontextmanager
async def driver(folder: Path) -> AsyncIterator[Driver]:
    """The web chat over SQLite."""
    with database("sqlite", folder) as store:
        house = MailboxHouse(store)
        async with (
            open_doors(folder, house=house, WEBCHAT="on", MEDIA_URL=f"file://{folder}/media") as doors,
            WebPerson(doors.url) as person,
        ):
            secret = await house.run(lambda unit: unit.secrets.get_or_create("webchat_tokens", ""))
            address = address_of(person.headers["Authorization"], secret)
            assert address is not None
            await house.run(lambda unit: _put_rows(unit, doors.clock, address))
            yield WebChatDriver(doors, house, person, address.value, folder / "media")


def _put_rows(unit: SqlUnitOfWork, clock: MovableClock, address: Any) -> None:
    """Rows of the outbox, which the mailbox refers to; the suite counts them from 1."""
    contact = unit.people.arrive(address, language="es", now=clock.now())
    for _ in range(3):
        unit.outbox.put(contact.address_id, OutgoingMessage("hola"), now=clock.now())
