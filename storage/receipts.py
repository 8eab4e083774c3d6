"""What vendors tell of messages after they took them: late, repeated, out of order. Knows no vendor's words for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.schema import outbox, receipt
from storage.statements import Rows, Statement
from storage.types import among, one_of

#: The states from which each status moves a row on. What failed stays failed; what arrived cannot fail any more.
_MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "sent": ("pending", "sending", "uncertain"),
    "failed": ("pending", "sending", "uncertain", "sent"),
    "delivered": ("pending", "sending", "uncertain", "sent"),
    "read": ("pending", "sending", "uncertain", "sent", "delivered"),
}

#: A receipt that found no row by then belongs to a message that is not ours.
_KEPT_FOR: Final = timedelta(days=7)


def _move(status: str) -> Statement:
    """Touches every row with the vendor's id, and changes those that are not further on."""
    moves = one_of(outbox.c.state, _MOVES[status])
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
            where=one_of(receipt.c.status, _MOVES[status]),
        )
    )


_MOVE: Final = {status: _move(status) for status in _MOVES}
_KEEP: Final = {status: _keep(status) for status in _MOVES}

_is_same = (receipt.c.channel == outbox.c.channel) & (receipt.c.provider_id == outbox.c.provider_id)
_early = select(receipt.c.channel, receipt.c.provider_id, receipt.c.status, receipt.c.error, receipt.c.at)
_EARLY = Statement(_early.join(outbox, _is_same).where(among(outbox.c.id, "row_ids")))
_MATCHED = Statement(_early.where(select(outbox.c.id).where(_is_same).correlate(receipt).exists()))
_FORGET = Statement(
    delete(receipt).where(receipt.c.channel == bindparam("channel"), receipt.c.provider_id == bindparam("provider"))
)
_FORGET_BEFORE = Statement(delete(receipt).where(receipt.c.at < bindparam("before")))


class Receipts:
    """Applies receipts to outbox rows; keeps those that come before their row has the vendor's id."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def note(self, channel: str, provider_id: str, status: str, error: str | None, now: datetime) -> None:
        """A receipt came."""
        if status not in _MOVES:
            return
        values = {"channel": channel, "provider": provider_id, "reason": error, "now": now}
        if not self._rows.run(_MOVE[status], **values):
            self._rows.run(_KEEP[status], **values)

    def apply_early(self, row_ids: Sequence[int]) -> None:
        """Rows just got the vendors' ids: look for receipts that were quicker."""
        self._apply(self._rows.all(_EARLY, row_ids=row_ids))

    def sweep(self, now: datetime) -> None:
        """Join what missed each other: a receipt and its row that were written in the same instant by two processes."""
        self._apply(self._rows.all(_MATCHED))
        self._rows.run(_FORGET_BEFORE, before=now - _KEPT_FOR)

    def _apply(self, found: Sequence[Sequence[object]]) -> None:
        for channel, provider_id, status, error, at in found:
            values = {"channel": channel, "provider": provider_id}
            self._rows.run(_MOVE[str(status)], reason=error, now=at, **values)
            self._rows.run(_FORGET, **values)
