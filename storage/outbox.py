"""What is to be sent, durable from the moment it was decided. Knows no vendor; claims and delivery move the rows on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.messages import NoticeKind, OutgoingMessage
from handlers.ports import SentNotice
from storage.codec import outgoing_to_json
from storage.schema import address, outbox, outbox_part
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

    def notices_of(self, ticket_id: int) -> tuple[SentNotice, ...]:
        """Pushes about the ticket, newest first. One that the vendor or we gave up counts as dead."""
        found = self._rows.all(_NOTICES_OF, ticket_id=ticket_id)
        return tuple(
            SentNotice(of, "dead" if state in _GIVEN_UP else state, at, address_id, dedupe_key)
            for of, state, at, address_id, dedupe_key in found
        )
