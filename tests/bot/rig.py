"""The parts of the way in and the way out over a real store, with a channel that writes letters."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.attachments.copier import Copier
from bot.attachments.store import FileStore
from bot.channels.base import Channel, Envelope, Features, SendFailed
from bot.content.source import TownSource
from bot.database.looks import Looks
from bot.database.queue import DatabaseQueue
from bot.inbound.ahead import Scouts
from bot.inbound.handling import Handling
from bot.inbound.readers import Readers
from bot.inbound.reception import Reception
from bot.jobs.forgetting import Forgetting
from bot.jobs.slices import Slices
from bot.jobs.sweeps import Sweeps
from bot.metrics import Metrics
from bot.outbound.attempt import Sender
from bot.outbound.loop import OutboundLoop
from handlers.lookups import Lookups
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, OutgoingMessage
from handlers.ports import UnitOfWork
from handlers.town.town import Town
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork
from tests.harness import MovableClock

T = TypeVar("T")


class Letters(Channel):
    """A channel that keeps what it sends, and fails as it is told to."""

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.features = Features(per_chat_rate=math.inf, overall_rate=math.inf)
        #: (to, text) in the order in which they arrived.
        self.arrived: list[tuple[str, str]] = []
        #: What goes wrong with a text, one for each try.
        self.faults: dict[str, list[Exception]] = {}
        #: How long a text takes.
        self.seconds: dict[str, float] = {}
        #: What a text waits for.
        self.gates: dict[str, asyncio.Event] = {}
        #: Tries, also those that failed.
        self.tried: list[str] = []
        self.files: dict[str, bytes | SendFailed] = {}
        self.letters: list[Envelope] = []
        #: The texts that go out in parts, and these.
        self.parts: dict[str, list[str]] = {}

    async def send(self, delivery: Envelope) -> Mapping[str, str]:
        text = delivery.message.text
        for number, part in enumerate(self.parts.get(text, [text]), 1):
            if f"letter:{number}" not in delivery.sent:
                delivery.sent[f"letter:{number}"] = await self._post(delivery, part)
        return delivery.sent

    async def _post(self, delivery: Envelope, text: str) -> str:
        self.tried.append(text)
        await asyncio.sleep(self.seconds.get(text, 0))
        if text in self.gates:
            await self.gates[text].wait()
        if self.faults.get(text):
            raise self.faults[text].pop(0)
        self.arrived.append((delivery.to, text))
        self.letters.append(delivery)
        return f"id-{len(self.arrived)}"

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        content = self.files[attachment.source]
        if isinstance(content, SendFailed):
            raise content
        yield content[:10]
        yield content[10:]

    def texts(self, to: str = "ana") -> list[str]:
        return [text for each, text in self.arrived if each == to]


class Rig:
    """All parts; nothing runs before `running`."""

    def __init__(self, store: Store, towns: TownSource, folder: Path, **queue_options: float) -> None:
        self.store = store
        self.clock = MovableClock()
        self.metrics = Metrics()
        self.letters = Letters()
        self.channels = {self.letters.name: self.letters}
        self.files = FileStore(f"file://{folder}/media")
        #: What the product does with a message, by its text; everything else is answered with the same text.
        self.handled: list[str] = []
        self.trouble: dict[str, Callable[[UnitOfWork], None]] = {}
        self.database = DatabaseQueue(store, self.metrics, **queue_options)
        handling, looks = Handling(towns, self.clock, self._handle), Looks(store, lambda: self.database.is_open)
        self.reception = Reception(self.database, handling, Scouts(Readers(self.metrics), looks), self.metrics)
        sender = Sender(self.channels, self.files, self.clock, self.metrics, chance=lambda: 0.0)
        self.outbound = OutboundLoop(self.database, sender, self.clock, self.metrics, shares_database=store.is_shared)
        self.copier = Copier(
            self.database, self.channels, self.files, towns, self.clock, self.metrics, owner=self.outbound.owner
        )
        self.reception.on_outbox, self.reception.on_media = self.outbound.wake, self.copier.wake
        self.copier.on_stored = self.outbound.wake
        slices = Slices(self.database)
        self.forgetting = Forgetting(self.database, slices, self.files, towns, self.clock, self.metrics)
        self.sweeps = Sweeps(
            self.database,
            slices,
            self.reception,
            self.outbound,
            towns,
            self.clock,
            self.metrics,
            shares_database=store.is_shared,
            more=self.forgetting.all,
        )

    @asynccontextmanager
    async def running(self, *, is_sending: bool = True) -> AsyncIterator["Rig"]:
        self.database.open()
        if is_sending:
            self.outbound.start()
            self.copier.start()
        try:
            yield self
        finally:
            await self.outbound.stop(1.0)
            await self.copier.stop()
            await self.files.close()
            await self.database.close(1.0)

    async def say(self, text: str, *, chat: str = "ana", external_id: str | None = None, **rest: object) -> None:
        await self.reception.receive(message(text, chat=chat, external_id=external_id, **rest))

    async def push(self, *texts: str, chat: str = "ana", channel: str = "letters", **rest: object) -> None:
        """Put messages into the outbox, as a push does."""

        def work(unit: SqlUnitOfWork) -> None:
            address = Address(channel, chat)
            contact = unit.people.arrive(address, language="es", now=self.clock.now())
            for text in texts:
                unit.outbox.put(contact.address_id, OutgoingMessage(text, **rest), now=self.clock.now())

        await self.database.run(work)
        self.outbound.wake()

    async def quiet(self, seconds: float = 30.0) -> None:
        """Until nothing is due and nothing is under way."""
        # The first look may have begun before what is waited for.
        enough = self.outbound.idle_looks + 2
        async with asyncio.timeout(seconds):
            while self.outbound.idle_looks < enough:
                self.outbound.wake()
                await asyncio.sleep(0.002)

    async def counts(self) -> dict[str, int]:
        """The outbox, by state; states without rows left out."""
        counts = await self.database.run(lambda unit: unit.delivery.counts())
        return {state: number for state, number in counts.items() if number}

    async def inbox(self) -> dict[str, int]:
        counts = await self.database.run(lambda unit: unit.inbox.counts())
        return {state: number for state, number in counts.items() if number}

    def measured(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"ventanilla_{name}", labels) or 0.0

    def _handle(
        self,
        message: IncomingMessage,
        *,
        uow: UnitOfWork,
        town: Town,
        now: datetime,
        choice: Callable[[Sequence[str]], str],
        lookups: Lookups | None = None,
    ) -> None:
        contact = uow.people.arrive(message.address, language="es", now=now)
        if message.attachments:
            uow.media.receive(message.address, message.attachments, now)
        uow.outbox.put(contact.address_id, OutgoingMessage(message.text or ""), now=now)
        if trouble := self.trouble.get(message.text or ""):
            trouble(uow)
        self.handled.append(message.text or "")


_count = 0


def message(text: str, *, chat: str = "ana", external_id: str | None = None, **rest: object) -> IncomingMessage:
    global _count  # noqa: PLW0603  a number that nobody has had
    _count += 1
    return IncomingMessage(
        address=Address("letters", chat),
        external_id=external_id or f"m{_count}",
        sent_at=MovableClock().now(),
        text=text,
        **rest,
    )


def photo(source: str) -> Attachment:
    return Attachment(AttachmentKind.PHOTO, source)
