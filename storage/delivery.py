"""What became of outbox rows: sent, to be tried again, uncertain, dead. Knows no vendor and no wording."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, null, select, update

from storage.claims import DOUBTED, UNCLAIMED
from storage.outbox_parts import OutboxParts
from storage.receipts import Receipts
from storage.schema import IS_ACTIVE, IS_PENDING, IS_SENDING, IS_TROUBLED, TROUBLED, outbox
from storage.statements import Rows, Statement
from storage.types import one_of

_is_row = outbox.c.id == bindparam("row_id")
_is_unsettled = one_of(outbox.c.state, ["pending", "sending", "uncertain"])

# A receipt, or the reader, may have been quicker than we are.
_SENT = Statement(
    update(outbox)
    .where(_is_row)
    .values(
        provider_id=bindparam("provider"),
        state=case((_is_unsettled, "sent"), else_=outbox.c.state),
        settled_at=case((_is_unsettled, bindparam("now", type_=outbox.c.settled_at.type)), else_=outbox.c.settled_at),
        error=null(),
        **UNCLAIMED,
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
        **UNCLAIMED,
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
        **DOUBTED,
        **UNCLAIMED,
    )
)
_IS_TAKEN = Statement(
    select(func.count()).where(outbox.c.channel == bindparam("channel"), outbox.c.provider_id == bindparam("provider"))
)
_CLEARED = Statement(
    update(outbox)
    .where(_is_row, IS_SENDING)
    .values(
        state="pending", uncertain_count=0, doubtful_since=null(), due_at=bindparam("now"), error=null(), **UNCLAIMED
    )
)
_DEAD = Statement(
    update(outbox)
    .where(_is_row, _is_unsettled)
    .values(state="dead", settled_at=bindparam("now"), error=bindparam("reason"), **UNCLAIMED)
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

    def nobodys(self, channel: str, provider_ids: Sequence[str]) -> str | None:
        """The first of the vendor's ids that no row has."""
        free = (each for each in provider_ids if not self._rows.value(_IS_TAKEN, channel=channel, provider=each))
        return next(free, None)

    def cleared(self, row_id: int, now: datetime) -> None:
        """It never arrived: there is no doubt any more, and it may go out."""
        self._rows.run(_CLEARED, row_id=row_id, now=now)

    def dead(self, row_id: int, now: datetime, error: str) -> None:
        """It will not go out."""
        self._rows.run(_DEAD, row_id=row_id, now=now, reason=error)

    def join_receipts(self) -> None:
        """Join receipts and rows that missed each other."""
        self._receipts.sweep()

    def receipt(self, channel: str, provider_id: str, status: str, error: str | None, now: datetime) -> None:
        """What the vendor tells later of a message: "sent", "delivered", "read" or "failed"; others are ignored.

        May come in any order, repeatedly, and before the row is settled: a row only ever moves forward.
        """
        self._receipts.note(channel, provider_id, status, error, now)

    def refused(self, channel: str, provider_id: str, now: datetime) -> None:
        """What the vendor tells later too: whom the message was for wants nothing from us."""
        self._receipts.refused(channel, provider_id, now)

    def counts(self) -> dict[str, int]:
        """How many rows are pending, sending, uncertain, failed, dead and unreadable: those that did not arrive."""
        none = dict.fromkeys(("pending", "sending", *TROUBLED), 0)
        return none | self._rows.tally(_COUNT_ACTIVE) | self._rows.tally(_COUNT_TROUBLED)

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the longest waiting row is due; None if none is."""
        found: datetime | None = self._rows.value(_OLDEST_DUE, now=now)
        return found
