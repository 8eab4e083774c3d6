"""One replica with its own content folder over a shared database, and people who talk to it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.content.source import TownSource
from bot.database.looks import Looks
from bot.database.queue import DatabaseQueue
from bot.inbound.ahead import Scouts
from bot.inbound.handling import Handling
from bot.inbound.readers import Readers
from bot.inbound.reception import Reception
from bot.jobs.content import ContentSweeps
from bot.metrics import Metrics
from handlers.desk.invitation import hash_of
from handlers.messages import Address, IncomingMessage, OutgoingMessage
from handlers.ticket.ticket import Role
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork
from tests.harness import MovableClock


@dataclass
class Replica:
    """The way in, the content sweeps, and what was put into the outbox."""

    folder: Path
    towns: TownSource
    database: DatabaseQueue
    reception: Reception
    readers: Readers
    sweeps: ContentSweeps
    clock: MovableClock
    received: dict[str, list[OutgoingMessage]] = field(default_factory=dict)
    unread: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def opened(cls, store: Store, folder: Path) -> AsyncIterator["Replica"]:
        """Open, with its first town read."""
        clock = MovableClock()
        towns = TownSource(folder, clock, model="none")
        metrics = Metrics()
        database = DatabaseQueue(store, metrics)
        readers = Readers(metrics)
        looks = Looks(store, lambda: database.is_open)
        reception = Reception(database, Handling(towns, clock), Scouts(readers, looks), metrics)
        database.open()
        try:
            sweeps = ContentSweeps(towns, database, looks, clock, lambda: None)
            yield cls(folder, towns, database, reception, readers, sweeps, clock)
        finally:
            await database.close(1.0)

    async def look(self) -> None:
        """As often as it takes to notice a change."""
        for _ in range(3):
            await self.sweeps.look()

    async def says(self, name: str, text: str) -> str:
        """Type something; what comes back."""
        return await self._send(name, text=text)

    async def taps(self, name: str, label: str) -> str:
        """Tap the newest button with these words."""
        found = (
            choice
            for message in reversed(self.received[name])
            for choice in message.choices
            if label.lower() in choice.label.lower()
        )
        return await self._send(name, choice=next(found).id)

    async def collect(self, name: str) -> str:
        """What waits for a chat, as one text."""
        return await self.database.run(lambda unit: self._take(unit, name))

    async def administrator(self, name: str) -> None:
        """Give somebody the role."""
        code = secrets.token_hex(5).upper()

        def work(unit: SqlUnitOfWork) -> None:
            now = self.clock.now()
            unit.invitations.create(
                code_hash=hash_of(code), role=Role.ADMINISTRATOR, department=None, name=name,
                expires_at=now + timedelta(days=1), now=now,
            )  # fmt: skip
            person = unit.people.arrive(Address("letters", name), language="es", now=now)
            unit.invitations.accept(hash_of(code), person.person_id, now)

        await self.database.run(work)
        await self.says(name, "/menu")

    async def fails(self, *_: object, **__: object) -> None:
        """In the place of a database that is away."""
        raise ConnectionError("away")

    def message(self, name: str, **what: str) -> IncomingMessage:
        """What a channel would hand in."""
        return IncomingMessage(Address("letters", name), secrets.token_hex(8), self.clock.now(), **what)

    async def _send(self, name: str, **what: str) -> str:
        await self.reception.receive(self.message(name, **what))
        return await self.collect(name)

    def _take(self, unit: SqlUnitOfWork, name: str) -> str:
        while rows := unit.claims.claim("test", self.clock.now() + timedelta(days=1), {"letters": 100}):
            for row in rows:
                unit.delivery.sent(row.id, f"m{row.id}", self.clock.now())
                self.received.setdefault(row.to, []).append(row.message)
                self.unread.setdefault(row.to, []).append(row.message.text)
        return "\n".join(self.unread.pop(name, []))
