"""Outgoing messages that were given up: found, sent again, dropped. Knows no vendor."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, null, select, update

from handlers.dead_letter import DeadLetter, Outcome, Trouble, What
from handlers.messages import NoticeKind, OutgoingMessage
from storage.codec import notice_kind, outgoing_from_json, outgoing_to_json
from storage.errors import Unreadable
from storage.schema import IS_TROUBLED, outbox, ticket
from storage.statements import Row, Rows, Statement

_TROUBLES: Final = {
    "uncertain": Trouble.UNCERTAIN,
    "failed": Trouble.REFUSED,
    "dead": Trouble.UNSENT,
    "unreadable": Trouble.UNREADABLE,
}

_shown = select(
    outbox.c.id,
    outbox.c.kind,
    outbox.c.state,
    outbox.c.channel,
    outbox.c.attempts,
    outbox.c.uncertain_count,
    outbox.c.error,
    outbox.c.settled_at,
    outbox.c.created_at,
    ticket.c.folio,
).outerjoin_from(outbox, ticket, ticket.c.id == outbox.c.ticket_id)
_PAGE = Statement(
    _shown.where(IS_TROUBLED, outbox.c.id > bindparam("after")).order_by(outbox.c.id).limit(bindparam("limit"))
)
_is_it = outbox.c.id == bindparam("row_id")
_GET = Statement(_shown.where(_is_it, IS_TROUBLED))
_SUMMARY = Statement(
    select(func.count(), func.max(outbox.c.settled_at)).where(IS_TROUBLED, outbox.c.state != "uncertain")
)
_HELD = Statement(
    select(outbox.c.state, outbox.c.uncertain_count, outbox.c.kind, outbox.c.message, outbox.c.error).where(
        _is_it, IS_TROUBLED
    )
)
# Of two who press at once, the second finds another state than it saw.
_as_seen = outbox.c.state == bindparam("seen")
_RETRY = Statement(
    update(outbox)
    .where(_is_it, _as_seen)
    .values(
        state="pending",
        # One, and not none: of a message that was tried, the parts that went out are not sent again.
        attempts=1,
        due_at=bindparam("now"),
        # What the vendor still tells of the old message is not told of this one.
        provider_id=null(),
        settled_at=null(),
        error=null(),
        owner=null(),
        claimed_at=null(),
    )
)
_DROP = Statement(
    update(outbox)
    .where(_is_it, _as_seen)
    .values(state="dropped", message=bindparam("blank"), settled_at=bindparam("now"), error=bindparam("reason"))
)


class DeadMessages:
    """Rows of the outbox, by their ids."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summary(self) -> tuple[int, datetime | None]:
        """How many did not arrive, and since when the last of them lies there."""
        count, newest = self._rows.only(_SUMMARY)
        return count, newest

    def page(self, after: str, limit: int) -> tuple[DeadLetter, ...]:
        """Those with a greater id."""
        found = self._rows.all(_PAGE, after=number(after), limit=limit)
        return tuple(map(_letter, found))

    def get(self, name: str) -> DeadLetter | None:
        """The one with that id."""
        row = self._rows.first(_GET, row_id=number(name))
        return None if row is None else _letter(row)

    def retry(self, name: str, now: datetime, *, even_if_arrived: bool) -> Outcome:
        """Pending again."""
        row = self._rows.first(_HELD, row_id=number(name))
        if row is None:
            return Outcome.SETTLED
        state, uncertain_count, kind, held, _ = row
        if (state == "uncertain" or uncertain_count) and not even_if_arrived:
            return Outcome.MAY_HAVE_ARRIVED
        try:
            notice_kind(kind)
            message = outgoing_from_json(held)
        except Unreadable:
            return Outcome.UNREADABLE
        if message == OutgoingMessage(""):
            return Outcome.WORDLESS
        touched = self._rows.run(_RETRY, row_id=number(name), seen=state, now=now)
        return Outcome.DONE if touched else Outcome.SETTLED

    def drop(self, name: str, by: str, now: datetime) -> bool:
        """Only that it was stays."""
        row = self._rows.first(_HELD, row_id=number(name))
        if row is None:
            return False
        state, _, _, _, error = row
        reason = f"dropped by {by}; was {state}: {error}"
        blank: Any = outgoing_to_json(OutgoingMessage(""))
        return bool(self._rows.run(_DROP, row_id=number(name), seen=state, blank=blank, reason=reason, now=now))


def number(name: str) -> int:
    """A row's number in a key; 0, which none has, for anything else."""
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 18 else 0


def _letter(row: Row) -> DeadLetter:
    row_id, kind, state, channel, attempts, uncertain_count, error, settled_at, created_at, folio = row
    return DeadLetter(
        key=f"m{row_id}",
        what=What.REPLY if kind == NoticeKind.REPLY.value else What.NOTICE,
        trouble=_TROUBLES[state],
        since=settled_at or created_at,
        # The last one is not in the row where it settled it.
        tries=attempts + (state in {"dead", "failed"}),
        error=error or "",
        channel=channel,
        folio=folio,
        may_have_arrived=state == "uncertain" or uncertain_count > 0,
    )
