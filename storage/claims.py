"""Who sends which outbox rows: claimed, given back, judged where whoever claimed them is gone. Knows no vendor."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
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
    union_all,
    update,
)

from storage import leases
from storage.codec import notice_kind, outgoing_from_json, sorted_out
from storage.outbox import OutboxRow
from storage.outbox_parts import OutboxParts
from storage.rights import Rights
from storage.schema import IS_ACTIVE, IS_PENDING, IS_SENDING, outbox
from storage.statements import Row, Rows, Statement
from storage.types import among, database_now

#: What a row is set to that nobody claims any more.
UNCLAIMED: Final[Mapping[str, Any]] = {"owner": null(), "claimed_at": null()}

#: What a row is set to whose try may have arrived: since when that is so.
DOUBTED: Final[Mapping[str, Any]] = {"doubtful_since": func.coalesce(outbox.c.doubtful_since, outbox.c.claimed_at)}

#: Keeps our advisory locks apart from others in the same database; the rest is the address's id.
_LOCKS: Final = 0x5645 << 48

_other = outbox.alias("other")
_is_other_active = and_(text("other.state IN ('pending', 'sending')"), _other.c.address_id == outbox.c.address_id)
_is_other_sending = text("other.state = 'sending'")


def _ready(channel: str, limit: str) -> Select[tuple[int]]:
    """Addresses of a channel whose first unsent row is due, none being on its way; answers before pushes.

    channel, limit: names of parameters.
    """
    return (
        select(outbox.c.address_id)
        .where(
            IS_PENDING,
            outbox.c.channel == bindparam(channel),
            outbox.c.due_at <= bindparam("now"),
            ~select(_other.c.id).where(_is_other_active, or_(_other.c.id < outbox.c.id, _is_other_sending)).exists(),
        )
        .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
        .limit(bindparam(limit))
    )


@lru_cache(maxsize=32)
def ready_addresses(channels: int, *, are_locked: bool) -> Statement:
    """Those of so many channels, each with a limit of its own: parameters channel_0, limit_0, channel_1 and so on.

    are_locked: whoever holds an address's lock decides alone about its rows until the commit. The rows are read by a
    later statement, which sees what the lock's last holder committed.
    """
    each = [_ready(f"channel_{number}", f"limit_{number}").subquery(f"ready_{number}") for number in range(channels)]
    found = union_all(*(select(ready.c.address_id) for ready in each))
    if not are_locked:
        return Statement(select(found.subquery("found").c.address_id))
    locked = found.cte("ready").prefix_with("MATERIALIZED", dialect="postgresql")
    return Statement(
        select(locked.c.address_id).where(
            func.pg_try_advisory_xact_lock(literal(_LOCKS, BigInteger).op("+")(locked.c.address_id))
        )
    )


#: The first unsent row of each address, however many wait behind it.
_first = outbox.alias("first")
_is_first = (
    outbox.c.id
    == select(_first.c.id)
    .where(text("first.state IN ('pending', 'sending')"), _first.c.address_id == outbox.c.address_id)
    .order_by(_first.c.id)
    .limit(1)
    .correlate(outbox)
    .scalar_subquery()
)
_next = select(outbox.c.id).where(
    among(outbox.c.address_id, "addresses"),
    IS_ACTIVE,
    IS_PENDING,
    outbox.c.due_at <= bindparam("now"),
    _is_first,
    ~select(_other.c.id).where(_is_other_active, _is_other_sending).exists(),
)
_CLAIM = Statement(
    update(outbox)
    .where(outbox.c.id.in_(_next), IS_PENDING)
    .values(state="sending", owner=bindparam("claimer"), claimed_at=database_now())
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
        outbox.c.doubtful_since,
        outbox.c.created_at,
    )
)

#: Set apart, with all that it holds.
_UNREADABLE = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), IS_SENDING)
    .values(state="unreadable", settled_at=bindparam("now"), error=bindparam("reason"), **UNCLAIMED)
)
_RELEASE = Statement(
    update(outbox).where(among(outbox.c.id, "row_ids"), IS_SENDING).values(state="pending", **UNCLAIMED)
)
_FORFEIT = Statement(
    update(outbox)
    .where(among(outbox.c.id, "row_ids"), IS_SENDING)
    .values(state="dead", settled_at=bindparam("now"), error="the role that it was for was taken away", **UNCLAIMED)
)
_DEFER = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), IS_SENDING)
    .values(state="pending", due_at=bindparam("at"), **UNCLAIMED)
)
_RELEASE_ALL_BUT = Statement(
    update(outbox)
    .where(IS_SENDING, outbox.c.owner == bindparam("claimer"), ~among(outbox.c.id, "row_ids"))
    .values(state="pending", **UNCLAIMED)
)
_is_first_doubt = outbox.c.uncertain_count == 0


def _judge(*conditions: ColumnElement[bool]) -> Statement:
    """Claims whose claimer is gone: the first time a row is sent again, the second time it stays uncertain."""
    return Statement(
        update(outbox)
        .where(IS_SENDING, *conditions)
        .values(
            state=case((_is_first_doubt, "pending"), else_="uncertain"),
            uncertain_count=outbox.c.uncertain_count + 1,
            due_at=bindparam("now"),
            settled_at=case((_is_first_doubt, null()), else_=bindparam("now", type_=outbox.c.settled_at.type)),
            error="the process ended while it was on its way",
            **DOUBTED,
            **UNCLAIMED,
        )
    )


_JUDGE_GONE = _judge(outbox.c.owner == bindparam("claimer"))
_JUDGE_OTHERS = _judge(outbox.c.owner != bindparam("claimer"))
_JUDGE_LAPSED = _judge(outbox.c.owner != bindparam("claimer"), leases.is_over(outbox))


class Claims:
    """Claims on rows of the outbox."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._parts = OutboxParts(rows)
        self._rights = Rights(rows)

    def claim(self, owner: str, now: datetime, room: Mapping[str, int]) -> tuple[OutboxRow, ...]:
        """Due rows, marked as on their way by `owner`: of each address the first unsent one.

        An address of which a row is on its way, or whose first unsent row is not due, is left alone.
        room: how many at most, by channel; rows of channels that are not named stay where they are.
        """
        wanted = {channel: limit for channel, limit in room.items() if limit > 0}
        if not wanted:
            return ()
        named: dict[str, object] = {}
        for number, (channel, limit) in enumerate(wanted.items()):
            named |= {f"channel_{number}": channel, f"limit_{number}": limit}
        ready = self._rows.all(ready_addresses(len(wanted), are_locked=not self._rows.is_sqlite), now=now, **named)
        if not ready:
            return ()
        return self._with_parts(self._read(owner, now, [address for (address,) in ready]))

    def release(self, row_ids: Sequence[int]) -> None:
        """Claimed, but not tried: back to where they were."""
        self._rows.run(_RELEASE, row_ids=row_ids)

    def defer(self, row_id: int, at: datetime) -> None:
        """Claimed, but not to be tried before a time."""
        self._rows.run(_DEFER, row_id=row_id, at=at)

    def keep_only(self, owner: str, row_ids: Collection[int]) -> int:
        """Give back what stands claimed by `owner` and is not among the rows that it knows of; how many.

        For claims whose answer was lost: `owner` never saw the rows, so it did not send them.
        """
        return self._rows.run(_RELEASE_ALL_BUT, claimer=owner, row_ids=list(row_ids))

    def judge_gone(self, owner: str, begun: Collection[int], now: datetime) -> int:
        """Judge the claims of a process that is gone, and left a note of the rows it had begun to send; how many.

        Those may have arrived; the others it never touched.
        """
        given_back = self.keep_only(owner, begun)
        return given_back + self._rows.run(_JUDGE_GONE, claimer=owner, now=now)

    def judge_others(self, owner: str, now: datetime) -> int:
        """Judge all claims but those of `owner`; how many. Only where no other process uses the database."""
        return self._rows.run(_JUDGE_OTHERS, claimer=owner, now=now)

    def judge_lapsed(self, owner: str, now: datetime) -> int:
        """Judge the claims of processes that have told nothing for longer than their lease; how many."""
        return self._rows.run(_JUDGE_LAPSED, claimer=owner, now=now)

    def _read(self, owner: str, now: datetime, addresses: Sequence[int]) -> list[OutboxRow]:
        """The first row of each address. One that nobody here can read, or whose reader lost the right to it, is
        set apart, and the next is the first.
        """
        read: list[OutboxRow] = []
        while addresses:
            understood, unreadable = sorted_out(
                self._rows.all(_CLAIM, addresses=addresses, claimer=owner, now=now), _outbox_row
            )
            kept = self._rightful(understood, now)
            read += kept
            for row, part in unreadable:
                self._rows.run(_UNREADABLE, row_id=row[0], now=now, reason=f"cannot be read: {part}")
            addresses = [row[2] for row, _ in unreadable]
            addresses += [row.address_id for row in understood if row not in kept]
        return sorted(read, key=lambda row: row.id)

    def _rightful(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        """Without those for a role that their reader has lost since; these are settled."""
        needed = {row.id: row.message.role for row in rows if row.message.role is not None}
        lost = self._rights.lost(needed)
        if lost:
            self._rows.run(_FORFEIT, row_ids=lost, now=now)
        return [row for row in rows if row.id not in lost]

    def _with_parts(self, rows: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
        tried = [row.id for row in rows if row.attempts or row.uncertain_count]
        parts = self._parts.of(tried) if tried else {}
        return tuple(replace(row, parts=parts[row.id]) if row.id in parts else row for row in rows)


def _outbox_row(row: Row) -> OutboxRow:
    row_id, channel, address_id, to, message, kind, ticket_id, attempts, uncertain_count, since, created_at = row
    return OutboxRow(
        id=row_id,
        channel=channel,
        address_id=address_id,
        to=to,
        message=outgoing_from_json(message),
        kind=notice_kind(kind),
        ticket_id=ticket_id,
        attempts=attempts,
        uncertain_count=uncertain_count,
        doubtful_since=since,
        created_at=created_at,
    )
