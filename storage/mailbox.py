"""What the web chat shows: messages that wait until the page fetches them. Knows no page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.messages import OutgoingMessage
from storage.codec import outgoing_from_json, outgoing_to_json, sorted_out
from storage.rights import MAIL_MAY_BE_SHOWN
from storage.schema import address, mailbox, outbox
from storage.statements import Row, Rows, Statement
from storage.types import among, one_of

_PUT = Statement(
    upsert(mailbox)
    .values({name: bindparam(name) for name in ("address_value", "outbox_id", "message", "created_at", "role")})
    .on_conflict_do_nothing(index_elements=["outbox_id"])
    .returning(mailbox.c.id)
)
_GONE = Statement(
    select(address.c.unreachable_at)
    .join_from(outbox, address)
    .where(outbox.c.id == bindparam("outbox_id"), address.c.unreachable_at.is_not(None))
)
_ID_OF = Statement(select(mailbox.c.id).where(mailbox.c.outbox_id == bindparam("outbox_id")))
_is_address = mailbox.c.address_value == bindparam("address_value")
_AFTER = Statement(
    select(mailbox.c.id, mailbox.c.message, mailbox.c.created_at)
    .where(_is_address, mailbox.c.id > bindparam("after_id"), MAIL_MAY_BE_SHOWN)
    .order_by(mailbox.c.id)
    .limit(bindparam("limit"))
)
_ACKNOWLEDGE = Statement(
    update(mailbox)
    .where(_is_address, mailbox.c.id <= bindparam("up_to_id"), mailbox.c.acknowledged_at.is_(None))
    .values(acknowledged_at=bindparam("now"))
    .returning(mailbox.c.outbox_id)
)
# The page may be quicker than the settling of the row that it shows.
_DELIVERED = Statement(
    update(outbox)
    .where(among(outbox.c.id, "outbox_ids"), one_of(outbox.c.state, ["pending", "sending", "uncertain", "sent"]))
    .values(state="delivered", settled_at=bindparam("now"))
)
# What was never shown has not arrived.
_LOST = Statement(
    update(outbox)
    .where(
        outbox.c.id.in_(select(mailbox.c.outbox_id).where(_is_address, mailbox.c.acknowledged_at.is_(None))),
        one_of(outbox.c.state, ["pending", "sending", "uncertain", "sent"]),
    )
    .values(state="failed", settled_at=bindparam("now"), error="the chat was forgotten before it was shown")
)
_FORGET = Statement(delete(mailbox).where(_is_address))


_SET_APART = Statement(
    update(outbox)
    .where(
        outbox.c.id.in_(select(mailbox.c.outbox_id).where(among(mailbox.c.id, "mail_ids"))),
        one_of(outbox.c.state, ["pending", "sending", "uncertain", "sent"]),
    )
    .values(state="unreadable", settled_at=bindparam("now"), error="cannot be read: mail")
)
_TAKE_BACK = Statement(
    delete(mailbox).where(
        among(mailbox.c.id, "mail_ids"),
        select(outbox.c.id)
        .where(outbox.c.id == mailbox.c.outbox_id, outbox.c.state == literal("unreadable"))
        .correlate(mailbox)
        .exists(),
    )
)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a look into the mailbox found."""

    #: (id, message, when it was put), oldest first.
    messages: tuple[tuple[int, OutgoingMessage, datetime], ...]
    #: Ids of what this release cannot read.
    unreadable: tuple[int, ...]


class Mailbox:
    """Messages by web chat address."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def put(self, address_value: str, outbox_id: int, message: OutgoingMessage, now: datetime) -> int | None:
        """The id in the mailbox, the same one where the outbox row was put before; None if the chat was forgotten."""
        if self._rows.first(_GONE, outbox_id=outbox_id) is not None:
            return None
        held = outgoing_to_json(message)
        mail_id: int | None = self._rows.value(
            _PUT, address_value=address_value, outbox_id=outbox_id, message=held, created_at=now, role=message.role
        )
        return int(self._rows.only(_ID_OF, outbox_id=outbox_id)[0]) if mail_id is None else mail_id

    def after(self, address_value: str, after_id: int, limit: int) -> Mail:
        """Those that follow `after_id`."""
        found = self._rows.all(_AFTER, address_value=address_value, after_id=after_id, limit=limit)
        read, unreadable = sorted_out(found, _mail)
        return Mail(tuple(read), tuple(row[0] for row, _ in unreadable))

    def set_apart(self, mail_ids: Sequence[int], now: datetime) -> None:
        """Take out what cannot be read and was not shown yet: it is not delivered, and can be sent again later."""
        self._rows.run(_SET_APART, mail_ids=mail_ids, now=now)
        self._rows.run(_TAKE_BACK, mail_ids=mail_ids)

    def acknowledge(self, address_value: str, up_to_id: int, now: datetime) -> None:
        """The page has shown everything up to this id: those messages are delivered."""
        shown = self._rows.all(_ACKNOWLEDGE, address_value=address_value, up_to_id=up_to_id, now=now)
        self._mark_delivered([outbox_id for (outbox_id,) in shown], now)

    def forget(self, address_value: str, now: datetime) -> None:
        """The person ended the chat: nothing of it is shown again, and what was not shown yet never arrived."""
        self._rows.run(_LOST, address_value=address_value, now=now)
        self._rows.run(_FORGET, address_value=address_value)

    def _mark_delivered(self, outbox_ids: Sequence[int], now: datetime) -> None:
        if outbox_ids:
            self._rows.run(_DELIVERED, outbox_ids=outbox_ids, now=now)


def _mail(row: Row) -> tuple[int, OutgoingMessage, datetime]:
    mail_id, message, created_at = row
    return mail_id, outgoing_from_json(message), created_at
