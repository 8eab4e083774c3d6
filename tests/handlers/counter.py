"""A rig that drives the whole product below the channels: dispatch over a real store, people who talk to it."""

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from faq.reading.library import load
from handlers.desk.invitation import hash_of
from handlers.dispatch import handle, put_aside
from handlers.messages import (
    Address,
    Attachment,
    AttachmentKind,
    Choice,
    IncomingMessage,
    MessageKind,
    OutgoingMessage,
    Place,
)
from handlers.ports import Contact
from handlers.ticket.ticket import Role, Ticket
from handlers.town.town import Town
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")
CONTENT = Path(__file__).resolve().parents[2] / "faq" / "content"
#: A Monday morning in the sample town, far from holidays.
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@cache
def sample_town() -> Town:
    """The sample town, answered by words alone: quick to build, the same everywhere."""
    return Town(load(CONTENT, today=date(2026, 11, 21)), model="none")


@dataclass
class Counter:
    """The counter over one store."""

    store: Store
    town: Town = field(default_factory=sample_town)
    now: datetime = MONDAY
    _numbers: Any = field(default_factory=itertools.count)
    _chance: random.Random = field(default_factory=lambda: random.Random(7))  # the same folios each run

    _open: SqlUnitOfWork | None = None
    #: What reached chats whose owner has not looked yet.
    mailboxes: dict[str, list[OutgoingMessage]] = field(default_factory=dict)
    #: The vendor's ids of what each chat got, in order: what a reply to one of them names.
    message_ids: dict[str, list[str]] = field(default_factory=dict)

    def person(self, name: str, channel: str = "webchat", language: str | None = None) -> "Talker":
        """Somebody with a phone."""
        return Talker(self, Address(channel, name), language)

    def official(self, name: str, role: str = "agent", department: str | None = None) -> "Talker":
        """Somebody who took up a role, invitation and all."""
        code = "".join(self._chance.choice("23456789CDFGHJKMNPRTVWX") for _ in range(10))
        self.run(
            lambda uow: uow.invitations.create(
                code_hash=hash_of(code),
                role=Role(role),
                department=department,
                name=name,
                expires_at=self.now + timedelta(days=7),
                now=self.now,
            )
        )
        talker = self.person(name)
        talker.says(f"/start inv_{code}")
        return talker

    def run(self, work: Callable[[SqlUnitOfWork], T]) -> T:
        """Read or write in a transaction of its own, or in the one that is open."""
        if self._open is not None:
            return work(self._open)
        with self.transaction() as unit:
            return work(unit)

    @contextmanager
    def transaction(self) -> Iterator[SqlUnitOfWork]:
        """One that is open for a while: what is run meanwhile is run in it."""
        with self.store.transaction() as transaction, transaction.savepoint() as unit:
            self._open = unit
            try:
                yield unit
            finally:
                self._open = None

    def receive(self, message: IncomingMessage) -> None:
        """What the reception does with a message."""
        with self.store.transaction() as transaction, transaction.savepoint() as uow:
            if uow.inbox.admit(message, self.now):
                handle(message, uow=uow, town=self.town, now=self.now, choice=self._chance.choice)

    def tickets_of(self, talker: "Talker") -> tuple[Ticket, ...]:
        """What a person left."""
        person_id = talker.contact().person_id
        return self.run(lambda uow: uow.tickets.of_person(person_id))

    def expire(self) -> int:
        """Ring the sweep."""
        return self.run(self._put_aside)

    def _put_aside(self, unit: SqlUnitOfWork) -> int:
        expired = unit.conversations.expired(self.now - self.town.city.conversation_expires_after, 100)
        for each in expired:
            put_aside(each, uow=unit, town=self.town, now=self.now, choice=self._chance.choice)
        return len(expired)

    def advance(self, **span: float) -> None:
        """Let time pass, as timedelta takes it."""
        self.now += timedelta(**span)

    def deliver(self) -> list[tuple[str, OutgoingMessage]]:
        """Everything that waits to be sent, as (value of the address, message), sent at once."""
        sent: list[tuple[str, OutgoingMessage]] = []
        while True:
            rows = self.run(
                lambda uow: uow.claims.claim(
                    "test", self.now + timedelta(days=1), {"telegram": 100, "webchat": 100, "whatsapp": 100}
                )
            )
            if not rows:
                return sent
            for row in rows:
                sent.append((row.to, row.message))
                self.message_ids.setdefault(row.to, []).append(f"m{row.id}")
                self.run(lambda uow, row=row: uow.delivery.sent(row.id, f"m{row.id}", self.now))


@dataclass
class Talker:
    """A person in one chat. Every act returns what reached this chat because of it, pushes of others aside."""

    counter: Counter
    address: Address
    language: str | None = None
    #: All that ever reached this chat.
    received: list[OutgoingMessage] = field(default_factory=list)

    def says(self, text: str, *, reply_to: str | None = None, **more: Any) -> list[OutgoingMessage]:
        """Type something."""
        return self._send(text=text, reply_to=reply_to, **more)

    def taps(self, label: str) -> list[OutgoingMessage]:
        """Tap the newest button whose label holds these words."""
        return self._send(choice=self.button(label).id)

    def button(self, label: str) -> Choice:
        """The newest button whose label holds these words."""
        for message in reversed(self.received):
            for choice in (*message.choices, *message.controls):
                if label.lower() in choice.label.lower():
                    return choice
        raise AssertionError(f"no button {label!r} in {[c.label for m in self.received for c in m.choices]}")

    def sends_place(self, latitude: float, longitude: float) -> list[OutgoingMessage]:
        """Share a pin."""
        return self._send(place=Place(latitude=latitude, longitude=longitude))

    def sends_photo(self, *, text: str | None = None, n: int = 1) -> list[OutgoingMessage]:
        """Send photos."""
        photos = tuple(Attachment(AttachmentKind.PHOTO, f"photo{i}", "image/jpeg", 1000) for i in range(n))
        return self._send(text=text, attachments=photos)

    def sends(self, kind: MessageKind) -> list[OutgoingMessage]:
        """Send something of another kind."""
        return self._send(kind=kind)

    def _send(self, *, after: float = 20, is_sent: bool = True, **what: Any) -> list[OutgoingMessage]:
        """after: seconds since the message before; people think before they type. is_sent: whether replies leave."""
        self.counter.advance(seconds=after)
        self.counter.receive(
            IncomingMessage(
                address=self.address,
                external_id=f"{self.address.value}-{next(self.counter._numbers)}",
                sent_at=self.counter.now,
                language=self.language,
                **what,
            )
        )
        return self.collect() if is_sent else []

    def collect(self) -> list[OutgoingMessage]:
        """What has reached this chat since it was last looked at; other chats get theirs as well."""
        new: list[OutgoingMessage] = []
        for value, message in self.counter.deliver():
            if value == self.address.value:
                new.append(message)
            else:
                self.counter.mailboxes.setdefault(value, []).append(message)
        new = [*self.counter.mailboxes.pop(self.address.value, []), *new]
        self.received += new
        return [message for message in new if message.command_menu is None]

    def contact(self) -> Contact:
        """The person as the store knows them."""
        return self.counter.run(lambda uow: uow.people.arrive(self.address, language="es", now=self.counter.now))


def texts(messages: list[OutgoingMessage]) -> str:
    """All texts in one."""
    return "\n".join(message.text for message in messages)
