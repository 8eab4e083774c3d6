"""Incoming messages that were given up: found, handled again, dropped. Knows nothing of what they say."""

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, null, select, text, update

from handlers.dead_letter import DeadLetter, Outcome, Trouble, What
from storage.codec import incoming_from_json
from storage.errors import Unreadable
from storage.schema import inbox
from storage.statements import Row, Rows, Statement
from storage.types import one_of

#: More than these are not looked through: the rest shows as soon as the first are settled.
_LOOKED_THROUGH: Final = 2_000

_TROUBLES: Final = {"dead": Trouble.UNHANDLED, "unreadable": Trouble.UNREADABLE}
_IS_TROUBLED = text("inbox.state <> 'handled'")
_is_dead = one_of(inbox.c.state, _TROUBLES)
_ALL = Statement(
    select(inbox.c.channel, inbox.c.external_id, inbox.c.received_at, inbox.c.state, inbox.c.attempts, inbox.c.error)
    .where(_IS_TROUBLED, _is_dead)
    .order_by(inbox.c.received_at, inbox.c.channel, inbox.c.external_id)
    .limit(bindparam("limit"))
)
_SUMMARY = Statement(select(func.count(), func.max(inbox.c.received_at)).where(_IS_TROUBLED, _is_dead))
_is_it = (inbox.c.channel == bindparam("channel")) & (inbox.c.external_id == bindparam("external_id"))
_PAYLOAD = Statement(select(inbox.c.payload).where(_is_it))
_as_seen = inbox.c.state == bindparam("seen")
_RETRY = Statement(update(inbox).where(_is_it, _as_seen).values(state="failed", attempts=0, retry_at=bindparam("now")))
# That it came stays known, so that a repeat of it is not taken for new.
_DROP = Statement(
    update(inbox)
    .where(_is_it, _as_seen)
    .values(state="handled", payload=null(), retry_at=null(), error=bindparam("reason"))
)


class DeadArrivals:
    """Rows of the inbox, by a mark of the vendor's identifier, which may be somebody's."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summary(self) -> tuple[int, datetime | None]:
        """How many there are, and when the last of them came."""
        count, newest = self._rows.only(_SUMMARY)
        return count, newest

    def page(self, after: str, limit: int) -> tuple[DeadLetter, ...]:
        """Those with a greater mark."""
        following = sorted((row for row in self._all() if _mark(row) > after), key=_mark)
        return tuple(map(_letter, following[:limit]))

    def get(self, name: str) -> DeadLetter | None:
        """The one with that mark."""
        row = self._row(name)
        return None if row is None else _letter(row)

    def retry(self, name: str, now: datetime) -> Outcome:
        """Due to be handled again."""
        row = self._row(name)
        if row is None:
            return Outcome.SETTLED
        held = self._rows.value(_PAYLOAD, channel=row[0], external_id=row[1])
        if held is None:
            return Outcome.WORDLESS
        try:
            incoming_from_json(held)
        except Unreadable:
            return Outcome.UNREADABLE
        touched = self._rows.run(_RETRY, channel=row[0], external_id=row[1], seen=row[3], now=now)
        return Outcome.DONE if touched else Outcome.SETTLED

    def drop(self, name: str, by: str) -> bool:
        """Only that it came stays."""
        row = self._row(name)
        if row is None:
            return False
        reason = f"dropped by {by}; was {row[3]}: {row[5]}"
        return bool(self._rows.run(_DROP, channel=row[0], external_id=row[1], seen=row[3], reason=reason))

    def _all(self) -> list[Row]:
        return self._rows.all(_ALL, limit=_LOOKED_THROUGH)

    def _row(self, name: str) -> Row | None:
        return next((row for row in self._all() if _mark(row) == name), None)


def _mark(row: Row) -> str:
    return hashlib.blake2b(f"{row[0]}:{row[1]}".encode(), digest_size=5).hexdigest()


def _letter(row: Row) -> DeadLetter:
    channel, _, received_at, state, attempts, error = row
    return DeadLetter(
        key=f"a{_mark(row)}",
        what=What.ARRIVAL,
        trouble=_TROUBLES[state],
        since=received_at,
        tries=attempts,
        error=error or "",
        channel=channel,
    )
