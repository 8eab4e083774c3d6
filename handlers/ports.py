"""What the product asks of storage: the ports, and the values that cross them. Implemented in storage/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from handlers.content_change import ContentChanges
from handlers.dead_letter import DeadLetters
from handlers.messages import Address, Attachment, Choice, NoticeKind, OutgoingMessage, Place
from handlers.ticket.ticket import Role, Ticket, TicketEvent

#: So many overdue tickets are counted; there may be more.
OVERDUE_AT_MOST: Final = 100

#: What JSON can hold.
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as reached in one chat."""

    person_id: int
    address_id: int
    address: Address
    language: str
    #: Version of the privacy notice this person was last shown; None before the first.
    notice_version: str | None
    role: Role | None = None
    #: The official's department; None means the whole town hall.
    department: str | None = None
    #: Set when the channel said that nothing arrives there any more.
    unreachable_at: datetime | None = None
    #: Set when the person asked for no more notices in this chat.
    quiet_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a chat stands: the flow it is in, the answers so far, and what was last offered."""

    address_id: int
    flow: str | None
    #: Ordered: the order of the keys is the order of the answers.
    journal: dict[str, Json]
    #: Key of the question that waits for an answer.
    asked: str | None
    #: Choices of the last message, so that a number or a label finds them.
    offered: tuple[Choice, ...]
    updated_at: datetime
    #: Expired, but can be taken up again.
    is_paused: bool = False
    #: Which part this release cannot read; then journal, question and choices are empty here, and still in the row.
    unreadable: str | None = None
    #: What the chat is about beside its flow; handlers/conversation/context.py reads it.
    context: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Official:
    """A person with a role."""

    person_id: int
    name: str
    role: Role
    department: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class QueueScope:
    """Which tickets an official looks at."""

    #: None for the whole town hall.
    department: str | None = None
    #: Only those assigned to this person.
    assignee_person_id: int | None = None
    only_open: bool = True


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a ticket stands in the queue, so that a list goes on after it."""

    is_urgent: bool
    due_at: datetime
    ticket_id: int


@dataclass(frozen=True, slots=True)
class SentNotice:
    """One of our messages about a ticket, and how far it got."""

    ticket_id: int | None
    #: pending, sending, sent, delivered, read, uncertain, dead.
    state: str
    created_at: datetime
    #: The chat it went to.
    address_id: int = 0
    #: What makes it the only one of its kind; see Outbox.put.
    dedupe_key: str | None = None


class People(Protocol):
    """Persons and the chats that reach them."""

    def arrive(self, address: Address, *, language: str, now: datetime) -> Contact:
        """The contact behind a chat that just wrote, made on first sight; locked until the transaction ends.

        Records the moment of the last inbound message and clears unreachable_at.
        """

    def contact(self, address_id: int) -> Contact:
        """The contact of one chat."""

    def contact_of(self, person_id: int) -> Contact | None:
        """The chat in which the person wrote last."""

    def set_language(self, person_id: int, language: str) -> None: ...

    def set_notice(self, person_id: int, version: str, now: datetime) -> None:
        """Record that the person was shown this version of the privacy notice."""

    def mark_unreachable(self, address_id: int, now: datetime) -> None: ...

    def set_quiet(self, address_id: int, since: datetime | None) -> None:
        """Whether the chat wants notices: none since a moment, or all of them again."""

    def officials(self, department: str | None = None, role: Role | None = None) -> tuple[Official, ...]:
        """Persons with a role now. `department` keeps those of it and those of the whole town hall."""

    def official(self, person_id: int) -> Official | None: ...


class Invitations(Protocol):
    """One-time codes that give a role."""

    def create(
        self, *, code_hash: str, role: Role, department: str | None, name: str, expires_at: datetime, now: datetime
    ) -> int: ...

    def accept(self, code_hash: str, person_id: int, now: datetime) -> Official | None:
        """Use up the invitation and give its role; None if unknown, used or expired. Races have one winner."""

    def revoke(self, person_id: int, now: datetime) -> bool:
        """Take the role away; False if there was none. Open tickets stay assigned and are listed as unattended."""


class Conversations(Protocol):
    """One row a chat."""

    def get(self, address_id: int) -> Conversation | None: ...

    def put(self, conversation: Conversation) -> None: ...

    def clear(self, address_id: int) -> None: ...

    def set_apart(self, address_id: int, why: str, now: datetime) -> None:
        """Keep the chat's row word for word where it can be brought back from, and forget where the chat stood."""

    def expired(self, before: datetime, limit: int) -> tuple[Conversation, ...]:
        """Active conversations in a flow, last touched before; locked, skipping what others hold."""


class Tickets(Protocol):
    """Tickets, their history and who follows them."""

    def add(self, ticket: Ticket) -> Ticket | None:
        """The ticket with its row's id; None if the folio is taken: try another."""

    def by_folio(self, folio: str) -> Ticket | None:
        """`folio` in its normal form."""

    def by_id(self, ticket_id: int) -> Ticket: ...

    def save(self, before: Ticket, after: Ticket) -> Ticket:
        """Write what makes `after` differ from `before`; media are only added. The version counts up.

        Returns the ticket as it is now. Raises StaleTicket if somebody changed it since `before` was read.
        """

    def record(self, event: TicketEvent) -> TicketEvent:
        """Add to the history; returns it with its id."""

    def history(self, ticket_id: int, *, public_only: bool = False) -> tuple[TicketEvent, ...]:
        """Oldest first."""

    def of_person(self, person_id: int, *, limit: int = 10) -> tuple[Ticket, ...]:
        """Own and followed, open first, then newest first."""

    def queue(
        self,
        scope: QueueScope,
        now: datetime,
        *,
        limit: int = 10,
        after: QueuePlace | None = None,
        only_overdue: bool = False,
    ) -> tuple[Ticket, ...]:
        """Open ones after a place of the queue: urgent ones first, then by due_at.

        However far into the queue, it costs the same. What is filed or moved meanwhile may stand before the place.
        """

    def count(self, scope: QueueScope, now: datetime) -> tuple[int, int]:
        """(all, overdue: at most OVERDUE_AT_MOST)"""

    def search(self, words: str, scope: QueueScope, *, limit: int = 10) -> tuple[Ticket, ...]:
        """Newest first; words are looked for in folio, story and place, accents and case aside.

        From three letters on by their beginnings, in folios in any part. However common a word is, it costs the same.
        """

    def open_near(self, service: str, latitude: float, longitude: float, radius_metres: float) -> Ticket | None:
        """The nearest open report of that service within the radius."""

    def follow(self, ticket_id: int, address_id: int, now: datetime) -> bool:
        """False if it was followed already."""

    def followers(self, ticket_id: int) -> tuple[Contact, ...]: ...


class Outbox(Protocol):
    """What is to be sent, durable from the moment it was decided."""

    def put(
        self,
        address_id: int,
        message: OutgoingMessage,
        *,
        now: datetime,
        kind: NoticeKind = NoticeKind.REPLY,
        ticket_id: int | None = None,
        dedupe_key: str | None = None,
        undeliverable: str | None = None,
    ) -> bool:
        """False if a row with that dedupe key exists: the same thing is never said twice.

        undeliverable: why it cannot go; the row is kept as dead, so that it is known, and is not sent.
        """

    def ticket_of(self, channel: str, provider_id: str, address_id: int) -> int | None:
        """The ticket that a message to this chat was about, by the vendor's id of the message."""

    def choices_of(self, channel: str, provider_id: str, address_id: int) -> tuple[Choice, ...]:
        """What a message to this chat offered, by the vendor's id of the message; perhaps nothing any more."""

    def notices_of(self, ticket_id: int) -> tuple[SentNotice, ...]:
        """Pushes about the ticket, newest first."""

    def recall(self, address_id: int, since: datetime) -> int:
        """Take back the replies to a chat that were put since then and have not begun to leave; how many they were."""


class Media(Protocol):
    """Attachments: known at once, copied from the vendor soon after."""

    def receive(self, address: Address, attachments: Sequence[Attachment], now: datetime) -> tuple[int, ...]:
        """Record what is to be copied; ids in the same order."""


class UnitOfWork(Protocol):
    """All that one message, push or sweep may read and write, in one transaction."""

    @property
    def people(self) -> People: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def media(self) -> Media: ...
    @property
    def misses(self) -> "Misses": ...
    @property
    def content_changes(self) -> ContentChanges: ...
    @property
    def dead_letters(self) -> DeadLetters: ...


class Misses(Protocol):
    """Questions that found no answer, redacted before they get here."""

    def add(self, text: str, *, reason: str, article: str | None, language: str, now: datetime) -> None:
        """`reason`: "unknown", "offer_refused" or "not_useful"."""

    def take_back(self, text: str, since: datetime) -> None:
        """Forget one that was kept since then: read with what followed it, it found an answer."""

    def recent(self, since: datetime, *, limit: int = 500) -> tuple["Miss", ...]:
        """Unhandled ones, newest first."""

    def settle(self, ids: Sequence[int], now: datetime) -> None:
        """Mark as handled by an administrator."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that found no answer."""

    id: int
    text: str
    reason: str
    article: str | None
    language: str
    asked_at: datetime
    details: Mapping[str, str] = field(default_factory=dict)


__all__ = [
    "OVERDUE_AT_MOST", "Contact", "ContentChanges", "Conversation", "Conversations", "Invitations", "Json", "Media",
    "Miss", "Misses", "Official", "Outbox", "People", "Place", "QueuePlace", "QueueScope", "SentNotice", "Tickets",
    "UnitOfWork",
]  # fmt: skip
