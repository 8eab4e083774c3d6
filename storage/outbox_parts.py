"""Messages that a vendor took in several parts: its id of each, and how far each got. Knows no vendor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.schema import outbox, outbox_part
from storage.statements import Rows, Statement
from storage.types import among, one_of

#: The states from which each status moves a row on. What failed stays failed; what arrived cannot fail any more.
MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "sent": ("pending", "sending", "uncertain"),
    "failed": ("pending", "sending", "uncertain", "sent"),
    "delivered": ("pending", "sending", "uncertain", "sent"),
    "read": ("pending", "sending", "uncertain", "sent", "delivered"),
}

#: A row some of whose parts have not gone out yet is no further than its delivery says.
_IS_WHOLE: Final = ("sent", "delivered")

_new = upsert(outbox_part).values(
    outbox_id=bindparam("row_id"),
    name=bindparam("part"),
    channel=select(outbox.c.channel).where(outbox.c.id == bindparam("row_id")).scalar_subquery(),
    provider_id=bindparam("provider"),
    state="sent",
)
# A part that failed and went out again has another id; the ones that are known keep their state.
_PUT = Statement(
    _new.on_conflict_do_update(
        index_elements=["outbox_id", "name"],
        set_={"provider_id": _new.excluded.provider_id, "state": "sent", "error": None},
        where=outbox_part.c.provider_id != _new.excluded.provider_id,
    )
)
_OF_ROWS = Statement(
    select(outbox_part.c.outbox_id, outbox_part.c.name, outbox_part.c.provider_id)
    .where(among(outbox_part.c.outbox_id, "row_ids"), outbox_part.c.state != "failed")
    .order_by(outbox_part.c.outbox_id, outbox_part.c.name)
)
_is_named = (outbox_part.c.channel == bindparam("channel")) & (outbox_part.c.provider_id == bindparam("provider"))
_ROW_OF = Statement(select(outbox_part.c.outbox_id).where(_is_named).limit(1))
# Whoever holds the row decides alone what its parts amount to.
_HOLD = Statement(select(outbox.c.id).where(outbox.c.id == bindparam("row_id")).with_for_update())
_STATES = Statement(
    select(outbox_part.c.state, outbox_part.c.error).where(outbox_part.c.outbox_id == bindparam("row_id"))
)


def _move(status: str) -> Statement:
    moves = one_of(outbox_part.c.state, MOVES[status])
    return Statement(
        update(outbox_part)
        .where(_is_named)
        .values(
            state=case((moves, status), else_=outbox_part.c.state),
            error=case((moves, bindparam("reason", type_=outbox_part.c.error.type)), else_=outbox_part.c.error),
        )
    )


def _settle(status: str) -> Statement:
    return Statement(
        update(outbox)
        .where(
            outbox.c.id == bindparam("row_id"),
            one_of(outbox.c.state, [each for each in MOVES[status] if each in _IS_WHOLE]),
        )
        .values(state=status, settled_at=bindparam("now"), error=bindparam("reason"))
    )


_MOVE: Final = {status: _move(status) for status in MOVES}
_SETTLE: Final = {status: _settle(status) for status in ("failed", "delivered", "read")}


class OutboxParts:
    """The parts of rows; a message of one part has none, its id stands in the row."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def put(self, row_id: int, parts: Mapping[str, str]) -> None:
        """Parts that the vendor took: its id of each, by the part's name."""
        self._rows.many(
            _PUT, [{"row_id": row_id, "part": name, "provider": provider} for name, provider in parts.items()]
        )

    def of(self, row_ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """What went out of each row and did not fail later; rows without parts are left out."""
        found: dict[int, dict[str, str]] = {}
        for row_id, name, provider_id in self._rows.all(_OF_ROWS, row_ids=row_ids):
            found.setdefault(row_id, {})[name] = provider_id
        return found

    def note(self, channel: str, provider_id: str, status: str, error: str | None, now: datetime) -> bool:
        """A receipt came, perhaps for a part; False if it is none's."""
        row_id: int | None = self._rows.value(_ROW_OF, channel=channel, provider=provider_id)
        if row_id is None:
            return False
        self._rows.all(_HOLD, row_id=row_id)
        self._rows.run(_MOVE[status], channel=channel, provider=provider_id, reason=error)
        self.judge(row_id, now)
        return True

    def judge(self, row_id: int, now: datetime) -> None:
        """A row that is out is as far as the least of its parts, and has failed as soon as one has."""
        parts = self._rows.all(_STATES, row_id=row_id)
        states = {state for state, _ in parts}
        if "failed" in states:
            reason = next(error for state, error in parts if state == "failed")
            self._rows.run(_SETTLE["failed"], row_id=row_id, now=now, reason=reason)
        elif states <= {"delivered", "read"}:
            least = "read" if states == {"read"} else "delivered"
            self._rows.run(_SETTLE[least], row_id=row_id, now=now, reason=None)
