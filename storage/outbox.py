"""What is to be sent, durable from the moment it was decided. Knows no vendor; claims and delivery move the rows on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.messages import Choice, NoticeKind, OutgoingMessage
from handlers.ports import SentNotice
from storage.codec import outgoing_from_json, outgoing_to_json
from storage.errors import Unreadable
from storage.schema import IS_ACTIVE, IS_PENDING, address, outbox, outbox_part
from storage.statements import Rows, Statement

_PRIORITY: Final = {NoticeKind.REPLY: 0, NoticeKind.NOTICE: 1}

_PUT = Statement(
    upsert(outbox)
    .values(
        address_id=bindparam("address_id"),
        channel=select(address.c.channel).where(address.c.id == bindparam("address_id")).scalar_subquery(),
        kind=bindparam("kind"),
        priority=bindparam("priority"),
        ticket_id=bindparam("ticket_id"),
        dedupe_key=bindparam("dedupe_key"),
        message=bindparam("message"),
        state=bindparam("state"),
        attempts=0,
        uncertain_count=0,
        due_at=bindparam("now"),
        created_at=bindparam("now"),
        settled_at=bindparam("settled_at"),
        error=bindparam("error"),
    )
    .on_conflict_do_nothing()
)
# A stranger's guess at our ids finds nothing.
_is_own = outbox.c.address_id == bindparam("address_id")
_TICKET_OF = Statement(
    select(outbox.c.ticket_id)
    .where(outbox.c.channel == bindparam("channel"), outbox.c.provider_id == bindparam("provider_id"), _is_own)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_TICKET_OF_PART = Statement(
    select(outbox.c.ticket_id)
    .join_from(outbox_part, outbox)
    .where(
        outbox_part.c.channel == bindparam("channel"), outbox_part.c.provider_id == bindparam("provider_id"), _is_own
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
# What was claimed once may be on the wire.
_RECALL = Statement(
    delete(outbox).where(
        outbox.c.address_id == bindparam("address_id"),
        IS_ACTIVE,  # in the words of the index
        IS_PENDING,
        outbox.c.ticket_id.is_(None),
        outbox.c.kind == NoticeKind.REPLY.value,
        outbox.c.attempts == 0,
        outbox.c.created_at >= bindparam("since"),
    )
)
_MESSAGE_OF = Statement(
    select(outbox.c.message)
    .where(outbox.c.channel == bindparam("channel"), outbox.c.provider_id == bindparam("provider_id"), _is_own)
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_NOTICES_OF = Statement(
    select(outbox.c.ticket_id, outbox.c.state, outbox.c.created_at, outbox.c.address_id, outbox.c.dedupe_key)
    .where(outbox.c.ticket_id == bindparam("ticket_id"), outbox.c.kind == NoticeKind.NOTICE.value)
    .order_by(outbox.c.id.desc())
)


_GIVEN_UP: Final = frozenset({"failed", "unreadable", "dropped"})


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row that was claimed, with all that is needed to send it."""

    id: int
    channel: str
    address_id: int
    #: The vendor's identifier of the chat.
    to: str
    message: OutgoingMessage
    kind: NoticeKind
    ticket_id: int | None
    #: Tries that failed before this one.
    attempts: int
    #: Tries of which nobody knows whether they arrived.
    uncertain_count: int
    #: When the first of them began; None where there was none.
    doubtful_since: datetime | None
    created_at: datetime
    #: What went out at earlier tries: the vendor's id of each part, by its name.
    parts: Mapping[str, str] = field(default_factory=dict)


class SqlOutbox:
    """What the product says."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

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
        touched = self._rows.run(
            _PUT,
            address_id=address_id,
            kind=kind.value,
            priority=_PRIORITY[kind],
            ticket_id=ticket_id,
            dedupe_key=dedupe_key,
            message=outgoing_to_json(message),
            now=now,
            state="pending" if undeliverable is None else "dead",
            settled_at=None if undeliverable is None else now,
            error=undeliverable,
        )
        return touched == 1

    def ticket_of(self, channel: str, provider_id: str, address_id: int) -> int | None:
        """The ticket that a message to this chat was about, by the vendor's id of the message or of any part of it."""
        for statement in (_TICKET_OF, _TICKET_OF_PART):
            ticket_id: int | None = self._rows.value(
                statement, channel=channel, provider_id=provider_id, address_id=address_id
            )
            if ticket_id is not None:
                return ticket_id
        return None

    def recall(self, address_id: int, since: datetime) -> int:
        """Take back the replies to a chat that were put since then and have not begun to leave; how many they were."""
        return self._rows.run(_RECALL, address_id=address_id, since=since)

    def choices_of(self, channel: str, provider_id: str, address_id: int) -> tuple[Choice, ...]:
        """What a message to this chat offered, by the vendor's id; nothing once its words were forgotten."""
        held = self._rows.value(_MESSAGE_OF, channel=channel, provider_id=provider_id, address_id=address_id)
        try:
            return outgoing_from_json(held).choices if held is not None else ()
        except Unreadable:
            return ()

    def notices_of(self, ticket_id: int) -> tuple[SentNotice, ...]:
        """Pushes about the ticket, newest first. One that the vendor or we gave up counts as dead."""
        found = self._rows.all(_NOTICES_OF, ticket_id=ticket_id)
        return tuple(
            SentNotice(of, "dead" if state in _GIVEN_UP else state, at, address_id, dedupe_key)
            for of, state, at, address_id, dedupe_key in found
        )
