"""Which messages came, and those that could not be handled. Keeps nothing that a handled message said."""

from datetime import datetime

from sqlalchemy import bindparam, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.messages import IncomingMessage
from storage.codec import incoming_from_json, incoming_to_json, sorted_out
from storage.schema import inbox
from storage.statements import Row, Rows, Statement

_IS_FAILED = text("inbox.state = 'failed'")
_IS_TROUBLED = text("inbox.state <> 'handled'")
_is_it = (inbox.c.channel == bindparam("channel")) & (inbox.c.external_id == bindparam("external_id"))

_ADMIT = Statement(
    upsert(inbox)
    .values(
        channel=bindparam("channel"),
        external_id=bindparam("external_id"),
        received_at=bindparam("now"),
        state="handled",
        attempts=0,
    )
    .on_conflict_do_nothing()
)

_failure = upsert(inbox).values(
    channel=bindparam("channel"),
    external_id=bindparam("external_id"),
    received_at=bindparam("now"),
    state=bindparam("state"),
    payload=bindparam("payload"),
    attempts=1,
    error=bindparam("error"),
    retry_at=bindparam("retry_at"),
)
_RECORD_FAILURE = Statement(
    _failure.on_conflict_do_update(
        index_elements=["channel", "external_id"],
        set_={name: _failure.excluded[name] for name in ("state", "payload", "error", "retry_at")}
        | {"attempts": inbox.c.attempts + 1},
    )
)
_ATTEMPTS = Statement(select(inbox.c.attempts).where(_is_it))
_DUE = Statement(
    select(inbox.c.payload, inbox.c.channel, inbox.c.external_id)
    .where(_IS_FAILED, inbox.c.retry_at <= bindparam("now"))
    .order_by(inbox.c.retry_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_UNREADABLE = Statement(
    update(inbox).where(_is_it, _IS_FAILED).values(state="unreadable", error=bindparam("reason"), retry_at=null())
)
_SETTLE = Statement(update(inbox).where(_is_it).values(state="handled", payload=null(), error=null(), retry_at=null()))
_COUNTS = Statement(select(inbox.c.state, func.count()).where(_IS_TROUBLED).group_by(inbox.c.state))


class Inbox:
    """Every message that reached us, by the vendor's identifier."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def admit(self, message: IncomingMessage, now: datetime) -> bool:
        """Note that the message came; False if it had come before."""
        return bool(self._rows.run(_ADMIT, channel=message.address.channel, external_id=message.external_id, now=now))

    def attempts(self, message: IncomingMessage) -> int:
        """How many tries of this message have failed."""
        return self._rows.value(_ATTEMPTS, **_key(message)) or 0

    def record_failure(self, message: IncomingMessage, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Keep a message that could not be handled.

        error: without personal data, since staff see it. retry_at: None gives it up (a dead letter).
        """
        self._rows.run(
            _RECORD_FAILURE,
            **_key(message),
            now=now,
            state="dead" if retry_at is None else "failed",
            payload=incoming_to_json(message),
            error=error,
            retry_at=retry_at,
        )

    def due(self, now: datetime, limit: int) -> tuple[IncomingMessage, ...]:
        """Failed messages to try again, locked until the transaction ends, skipping what others hold.

        One that this release cannot read is set apart, with all that it holds: it holds up no other.
        """
        while rows := self._rows.all(_DUE, now=now, limit=limit):
            read, unreadable = sorted_out(rows, _message)
            for (_, channel, external_id), part in unreadable:
                reason = f"cannot be read: {part}"
                self._rows.run(_UNREADABLE, channel=channel, external_id=external_id, reason=reason)
            if read:
                return tuple(read)
        return ()

    def settle(self, message: IncomingMessage, now: datetime) -> None:
        """A message that had failed is handled: what it said is forgotten."""
        self._rows.run(_SETTLE, **_key(message))

    def counts(self) -> dict[str, int]:
        """How many messages are "failed" (to be tried again), "dead" and "unreadable"."""
        return {"failed": 0, "dead": 0, "unreadable": 0} | self._rows.tally(_COUNTS)


def _message(row: Row) -> IncomingMessage:
    return incoming_from_json(row[0])


def _key(message: IncomingMessage) -> dict[str, str]:
    return {"channel": message.address.channel, "external_id": message.external_id}
