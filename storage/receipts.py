"""What vendors tell of messages after they took them: late, repeated, out of order. Knows no vendor's words for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.outbox_parts import MOVES, OutboxParts
from storage.schema import address, outbox, outbox_part, receipt
from storage.statements import Row, Rows, Statement
from storage.types import among, one_of


def _move(status: str) -> Statement:
    """Touches every row with the vendor's id, and changes those that are not further on."""
    moves = one_of(outbox.c.state, MOVES[status])
    return Statement(
        update(outbox)
        .where(outbox.c.channel == bindparam("channel"), outbox.c.provider_id == bindparam("provider"))
        .values(
            state=case((moves, status), else_=outbox.c.state),
            settled_at=case((moves, bindparam("now", type_=outbox.c.settled_at.type)), else_=outbox.c.settled_at),
            error=case((moves, bindparam("reason", type_=outbox.c.error.type)), else_=outbox.c.error),
        )
    )


def _keep(status: str) -> Statement:
    new = upsert(receipt).values(
        channel=bindparam("channel"),
        provider_id=bindparam("provider"),
        status=status,
        error=bindparam("reason"),
        at=bindparam("now"),
    )
    return Statement(
        new.on_conflict_do_update(
            index_elements=["channel", "provider_id"],
            set_={"status": new.excluded.status, "error": new.excluded.error, "at": new.excluded.at},
            where=one_of(receipt.c.status, MOVES[status]),
        )
    )


_MOVE: Final = {status: _move(status) for status in MOVES}
_KEEP: Final = {status: _keep(status) for status in MOVES}

_is_same = (receipt.c.channel == outbox.c.channel) & (receipt.c.provider_id == outbox.c.provider_id)
_early = select(receipt.c.channel, receipt.c.provider_id, receipt.c.status, receipt.c.error, receipt.c.at)
_EARLY = Statement(_early.join(outbox, _is_same).where(among(outbox.c.id, "row_ids")))
_MATCHED = Statement(_early.where(select(outbox.c.id).where(_is_same).correlate(receipt).exists()))
_is_same_part = (receipt.c.channel == outbox_part.c.channel) & (receipt.c.provider_id == outbox_part.c.provider_id)
_EARLY_PARTS = Statement(_early.join(outbox_part, _is_same_part).where(among(outbox_part.c.outbox_id, "row_ids")))
_MATCHED_PARTS = Statement(
    _early.where(select(outbox_part.c.outbox_id).where(_is_same_part).correlate(receipt).exists())
)
_FORGET = Statement(
    delete(receipt).where(receipt.c.channel == bindparam("channel"), receipt.c.provider_id == bindparam("provider"))
)

# Whoever has written since is there again.
_told = address.alias("told")
_spurned = (
    select(outbox.c.address_id)
    .join(_told, (_told.c.id == outbox.c.address_id) & (_told.c.last_inbound_at <= outbox.c.created_at))
    .where(outbox.c.channel == bindparam("channel"))
)
_is_part = (outbox_part.c.channel == bindparam("channel")) & (outbox_part.c.provider_id == bindparam("provider"))


def _refused(whose: Select[*tuple[Any, ...]]) -> Statement:
    return Statement(
        update(address)
        .where(address.c.id.in_(whose), address.c.unreachable_at.is_(None))
        .values(unreachable_at=bindparam("now"))
    )


_REFUSED: Final = (
    _refused(_spurned.where(outbox.c.provider_id == bindparam("provider"))),
    _refused(_spurned.join(outbox_part, (outbox_part.c.outbox_id == outbox.c.id) & _is_part)),
)


class Receipts:
    """Applies receipts to outbox rows; keeps those that come before their row has the vendor's id."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._parts = OutboxParts(rows)

    def note(self, channel: str, provider_id: str, status: str, error: str | None, now: datetime) -> None:
        """A receipt came."""
        if status not in MOVES:
            return
        if not self._move(channel, provider_id, status, error, now):
            self._rows.run(_KEEP[status], channel=channel, provider=provider_id, reason=error, now=now)

    def refused(self, channel: str, provider_id: str, now: datetime) -> None:
        """The person wants nothing from us: nothing more arrives where that message went."""
        for statement in _REFUSED:
            self._rows.run(statement, channel=channel, provider=provider_id, now=now)

    def apply_early(self, row_ids: Sequence[int]) -> None:
        """Rows just got the vendors' ids: look for receipts that were quicker."""
        self._apply(self._rows.all(_EARLY, row_ids=row_ids))

    def apply_early_to_parts(self, row_ids: Sequence[int]) -> None:
        """The same for rows that went out in parts."""
        self._apply(self._rows.all(_EARLY_PARTS, row_ids=row_ids))

    def sweep(self) -> None:
        """Join what missed each other: a receipt and its row that were written in the same instant by two processes."""
        self._apply(self._rows.all(_MATCHED))
        self._apply(self._rows.all(_MATCHED_PARTS))

    def _apply(self, found: Sequence[Row]) -> None:
        for channel, provider_id, status, error, at in found:
            self._move(channel, provider_id, status, error, at)
            self._rows.run(_FORGET, channel=channel, provider=provider_id)

    def _move(self, channel: str, provider_id: str, status: str, error: str | None, now: datetime) -> bool:
        """False if no message of ours has that id yet."""
        moved = self._rows.run(_MOVE[status], channel=channel, provider=provider_id, reason=error, now=now)
        return moved > 0 or self._parts.note(channel, provider_id, status, error, now)
