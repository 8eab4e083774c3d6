"""Moves outbox rows on: claimed, sent, to be tried again, uncertain, dead. Knows no vendor and no wording."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)

from handlers.messages import NoticeKind
from storage.codec import outgoing_from_json
from storage.outbox import OutboxRow
from storage.outbox_parts import OutboxParts
from storage.receipts import Receipts
from storage.schema import IS_ACTIVE, IS_PENDING, IS_SENDING, IS_TROUBLED, outbox
from storage.statements import Row, Rows, Statement
from storage.types import among, one_of

#: Keeps our advisory locks apart from others in the same database; the rest is the address's id.
_LOCKS: Final = 0x5645 << 48

_other = outbox.alias("other")
_is_other_active = and_(text("other.state IN ('pending', 'sending')"), _other.c.address_id == outbox.c.address_id)
_is_other_sending = text("other.state = 'sending'")

#: Addresses whose first unsent row is due, none being on its way; answers before pushes.
_ready = (
    select(outbox.c.address_id)
    .where(
        IS_PENDING,
        outbox.c.due_at <= bindparam("now"),
        ~select(_other.c.id).where(_is_other_active, or_(_other.c.id < outbox.c.id, _is_other_sending)).exists(),
    )
    .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
    .limit(bindparam("limit"))
)
_READY = Statement(_ready)

# Who holds an address's lock decides alone about its rows until the commit. The rows are read by a later statement,
# which sees what the lock's last holder committed.
_locked = _ready.cte("ready").prefix_with("MATERIALIZED", dialect="postgresql")
_LOCK_READY = Statement(
    select(_locked.c.address_id).where(
        func.pg_try_advisory_xact_lock(literal(_LOCKS, BigInteger).op("+")(_locked.c.address_id))
    )
)

_is_next = ~(
    select(_other.c.id)
    .where(
        _is_other_active,
        or_(_is_other_sending, (_other.c.id < outbox.c.id) & (_other.c.due_at > bindparam("now"))),
    )
    .exists()
)
_next = (
    select(outbox.c.id)
    .where(
        among(outbox.c.address_id, "addresses"), IS_ACTIVE, IS_PENDING, outbox.c.due_at <= bindparam("now"), _is_next
    )
    # Whole addresses in the order of their first row's priority: however many fit, none is taken out of its turn.
    .order_by(
        func.first_value(outbox.c.priority).over(partition_by=outbox.c.address_id, order_by=outbox.c.id), outbox.c.id
    )
    .limit(bindparam("limit"))
)
_CLAIM = Statement(
    update(outbox)
    .where(outbox.c.id.in_(_next), IS_PENDING)
    .values(state="sending", owner=bindparam("claimer"), claimed_at=bindparam("now"))
    .returning(
        outbox.c.id,
        outbox.c.channel,
        outbox.c.address_id,
        literal_column("(SELECT address.value FROM address WHERE address.id = outbox.address_id)", Text),
        outbox.c.message,
        outbox.c.kind,
        outbox.c.ticket_id,
        outbox.c.attempts,
        outbox.c.uncertain_count,
        outbox.c.created_at,
    )
)

_is_row = outbox.c.id == bindparam("row_id")
_is_unsettled = one_of(outbox.c.state, ["pending", "sending", "uncertain"])
_unclaimed = {"owner": null(), "claimed_at": null()}

# A receipt, or the reader, may have been quicker than we are.
_SENT = Statement(
    update(outbox)
    .where(_is_row)
    .values(
        provider_id=bindparam("provider"),
        state=case((_is_unsettled, "sent"), else_=outbox.c.state),
        settled_at=case((_is_unsettled, bindparam("now", type_=outbox.c.settled_at.type)), else_=outbox.c.settled_at),
        error=null(),
        **_unclaimed,
    )
)
_RETRY = Statement(
    update(outbox)
    .where(_is_row, IS_SENDING)
    .values(
        state="pending",
        attempts=outbox.c.attempts + 1,
        due_at=bindparam("at"),
        error=bindparam("reason"),
        **_unclaimed,
    )
)
_UNCERTAIN = Statement(
    update(outbox)
    .where(_is_row, IS_SENDING)
    .values(
        state=bindparam("new_state"),
        attempts=outbox.c.attempts + 1,
        uncertain_count=outbox.c.uncertain_count + 1,
        due_at=bindparam("at"),
        settled_at=bindparam("ended_at"),
        error=bindparam("reason"),
        **_unclaimed,
    )
)
_DEAD = Statement(
    update(outbox)
    .where(_is_row, _is_unsettled)
    .values(state="dead", settled_at=bindparam("now"), error=bindparam("reason"), **_unclaimed)
)
_RELEASE = Statement(
    update(outbox).where(among(outbox.c.id, "row_ids"), IS_SENDING).values(state="pending", **_unclaimed)
)
_is_first_doubt = outbox.c.uncertain_count == 0
_RECOVER = Statement(
    update(outbox)
    .where(
        IS_ACTIVE,
        IS_SENDING,
        outbox.c.claimed_at <= bindparam("claimed_before"),
        or_(bindparam("spared", type_=Text).is_(None), outbox.c.owner != bindparam("spared", type_=Text)),
    )
    .values(
        state=case((_is_first_doubt, "pending"), else_="uncertain"),
        uncertain_count=outbox.c.uncertain_count + 1,
        due_at=bindparam("now"),
        settled_at=case((_is_first_doubt, null()), else_=bindparam("now", type_=outbox.c.settled_at.type)),
        error="the process ended while it was on its way",
        **_unclaimed,
    )
)

_COUNT_ACTIVE = Statement(select(outbox.c.state, func.count()).where(IS_ACTIVE).group_by(outbox.c.state))
_COUNT_TROUBLED = Statement(select(outbox.c.state, func.count()).where(IS_TROUBLED).group_by(outbox.c.state))
_OLDEST_DUE = Statement(select(func.min(outbox.c.due_at)).where(IS_PENDING, outbox.c.due_at <= bindparam("now")))


class OutboxDelivery:
    """The delivery's side of the outbox."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._receipts = Receipts(rows)
        self._parts = OutboxParts(rows)

    def claim(self, owner: str, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Due rows, marked as on their way by `owner`: of each address the first unsent ones, in order.

        An address of which a row is on its way, or whose first unsent row is not due, is left alone.
        """
        ready = self._rows.all(_READY if self._rows.is_sqlite else _LOCK_READY, now=now, limit=limit)
        if not ready:
            return ()
        addresses = [address_id for (address_id,) in ready]
        claimed = self._rows.all(_CLAIM, addresses=addresses, claimer=owner, now=now, limit=limit)
        return self._with_parts([_outbox_row(row) for row in sorted(claimed, key=_first_cell)])

    def sent(self, row_id: int, provider_id: str, now: datetime) -> None:
        """The vendor took it."""
        self.many_sent([(row_id, provider_id)], now)

    def many_sent(self, sent: Iterable[tuple[int, str]], now: datetime) -> None:
        """(row id, the vendor's id of the message) of what vendors took; receipts that came before are applied."""
        settled = list(sent)
        self._rows.many(_SENT, ({"row_id": row_id, "provider": provider, "now": now} for row_id, provider in settled))
        self._receipts.apply_early([row_id for row_id, _ in settled])

    def sent_in_parts(self, row_id: int, parts: Mapping[str, str], now: datetime) -> None:
        """The vendor took it in several parts: its id of each, by the part's name. The worst of them is the row's."""
        self.parts_went_out(row_id, parts)
        self._rows.run(_SENT, row_id=row_id, provider=None, now=now)
        self._receipts.apply_early_to_parts([row_id])
        self._parts.judge(row_id, now)

    def parts_went_out(self, row_id: int, parts: Mapping[str, str]) -> None:
        """The vendor took these parts of it, and perhaps not the others: those that went out are not sent again."""
        self._parts.put(row_id, parts)

    def retry(self, row_id: int, at: datetime, error: str) -> None:
        """It did not go out; another try at a time."""
        self._rows.run(_RETRY, row_id=row_id, at=at, reason=error)

    def uncertain(self, row_id: int, now: datetime, retry_at: datetime | None, error: str) -> None:
        """It may have arrived; sent once more at a time, or left at that."""
        self._rows.run(
            _UNCERTAIN,
            row_id=row_id,
            new_state="uncertain" if retry_at is None else "pending",
            at=retry_at or now,
            ended_at=now if retry_at is None else None,
            reason=error,
        )

    def dead(self, row_id: int, now: datetime, error: str) -> None:
        """It will not go out."""
        self._rows.run(_DEAD, row_id=row_id, now=now, reason=error)

    def release(self, row_ids: Sequence[int]) -> None:
        """Claimed, but not tried: back to where it was."""
        self._rows.run(_RELEASE, row_ids=row_ids)

    def recover(self, owner: str | None, claimed_before: datetime, now: datetime) -> int:
        """Judge rows that a process claimed and never settled; how many.

        They may have been sent: the first time a row is sent again, the second time it stays uncertain.
        owner: whose claims are spared; None spares nobody's.
        """
        count = self._rows.run(_RECOVER, claimed_before=claimed_before, spared=owner, now=now)
        self._receipts.sweep()
        return count

    def receipt(self, channel: str, provider_id: str, status: str, error: str | None, now: datetime) -> None:
        """What the vendor tells later of a message: "sent", "delivered", "read" or "failed"; others are ignored.

        May come in any order, repeatedly, and before the row is settled: a row only ever moves forward.
        """
        self._receipts.note(channel, provider_id, status, error, now)

    def _with_parts(self, rows: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
        tried = [row.id for row in rows if row.attempts or row.uncertain_count]
        parts = self._parts.of(tried) if tried else {}
        return tuple(replace(row, parts=parts[row.id]) if row.id in parts else row for row in rows)

    def counts(self) -> dict[str, int]:
        """How many rows are pending, sending, uncertain, failed and dead; those that arrived are not counted."""
        none = dict.fromkeys(("pending", "sending", "uncertain", "failed", "dead"), 0)
        return none | self._rows.tally(_COUNT_ACTIVE) | self._rows.tally(_COUNT_TROUBLED)

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the longest waiting row is due; None if none is."""
        found: datetime | None = self._rows.value(_OLDEST_DUE, now=now)
        return found


def _first_cell(row: Row) -> int:
    row_id: int = row[0]
    return row_id


def _outbox_row(row: Row) -> OutboxRow:
    row_id, channel, address_id, to, message, kind, ticket_id, attempts, uncertain_count, created_at = row
    return OutboxRow(
        id=row_id,
        channel=channel,
        address_id=address_id,
        to=to,
        message=outgoing_from_json(message),
        kind=NoticeKind(kind),
        ticket_id=ticket_id,
        attempts=attempts,
        uncertain_count=uncertain_count,
        created_at=created_at,
    )
