"""Statements that find tickets: queues, the neighbourhood of a place. Runs none of them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil, cos, radians
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    Text,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    union,
)

from handlers.ports import QueuePlace, QueueScope
from handlers.ticket.kinds import TicketKind
from handlers.ticket.states import MACHINES, Machine
from storage.schema import address, follower, ticket
from storage.statements import Statement
from storage.ticket_rows import TICKET

#: A statement, and the values that it wants beside those of its scope.
_Part = tuple[Statement, dict[str, Any]]

BY_ID: Final = Statement(select(*TICKET).where(ticket.c.id == bindparam("ticket_id")))
BY_FOLIO: Final = Statement(select(*TICKET).where(ticket.c.folio == bindparam("folio")))

_own = select(ticket.c.id).where(ticket.c.author_person_id == bindparam("person_id"))
_followed = (
    select(follower.c.ticket_id)
    .join(address, address.c.id == follower.c.address_id)
    .where(address.c.person_id == bindparam("person_id"))
)
OF_PERSON: Final = Statement(
    select(*TICKET)
    .where(ticket.c.id.in_(union(_own, _followed)))
    .order_by(ticket.c.is_open.desc(), ticket.c.opened_at.desc(), ticket.c.id.desc())
    .limit(bindparam("limit"))
)

#: The cells of the index, word for word: rows and columns of a thousandth of a degree. The database rounds both sides.
_ROW: Final[ColumnElement[float]] = literal_column("round(ticket.latitude * 1000.0)", Float)
_COLUMN: Final[ColumnElement[float]] = literal_column("round(ticket.longitude * 1000.0)", Float)

#: Open reports of a service in one row of cells, from the column of `west` to the column of `east`.
NEAR: Final = Statement(
    select(ticket.c.id, ticket.c.latitude, ticket.c.longitude).where(
        ticket.c.service == bindparam("service"),
        ticket.c.is_open.is_(True),
        func.round(bindparam("latitude", type_=Float) * 1000.0) == _ROW,
        func.round(bindparam("west", type_=Float) * 1000.0) <= _COLUMN,
        func.round(bindparam("east", type_=Float) * 1000.0) >= _COLUMN,
    )
)

#: Nothing is due before it.
_BEFORE_ALL: Final = datetime(1, 1, 1, tzinfo=UTC)
_CELL_DEGREES: Final = 0.001
_METRES_A_DEGREE: Final = 111_000.0


def rows_of_cells(latitude: float, longitude: float, radius_metres: float) -> Iterator[dict[str, float]]:
    """The values of NEAR, once for each row: together they hold every point within the radius, and some beyond it.

    Latitudes less than a cell apart may name a row twice.
    """
    height = radius_metres / _METRES_A_DEGREE
    width = height / max(cos(radians(latitude)), 0.01)
    steps = ceil(2 * height / _CELL_DEGREES)
    for step in range(steps + 1):
        at = latitude - height + step * 2 * height / max(steps, 1)
        yield {"latitude": at, "west": longitude - width, "east": longitude + width}


def scope_values(scope: QueueScope) -> dict[str, Any]:
    """The values that statements of a scope want of it."""
    named = {"in_department": scope.department, "assignee": scope.assignee_person_id}
    return {name: value for name, value in named.items() if value is not None}


def kind_of(scope: QueueScope) -> tuple[bool, bool]:
    """Whether it is a department's, whether it is an official's."""
    return scope.department is not None, scope.assignee_person_id is not None


def queue(scope: QueueScope, after: QueuePlace | None, overdue_at: datetime | None) -> Iterator[_Part]:
    """The ranges of the queue that follow a place, in order: statements with their own values, of one index each.

    Urgent tickets, then the others; of each what is due at the place's own instant, then what is due later.
    overdue_at: only what is late at that instant.
    """
    kind = (*kind_of(scope), overdue_at is not None)
    now = {} if overdue_at is None else {"now": overdue_at}
    if after is not None:
        place = {"urgent": after.is_urgent, "due": after.due_at}
        if overdue_at is None or after.due_at < overdue_at:
            yield same_day(*kind), {**place, "after_id": after.ticket_id}
        yield later(*kind), {**place, **now}
    if after is None:
        yield later(*kind), {"urgent": True, "due": _BEFORE_ALL, **now}
    if after is None or after.is_urgent:
        yield later(*kind), {"urgent": False, "due": _BEFORE_ALL, **now}


def is_overdue(machines: Mapping[TicketKind, Machine]) -> ColumnElement[bool]:
    """Open, past its day, and in no state whose clock stands still: what Ticket.is_overdue says, for many at once."""
    return and_(ticket.c.is_open.is_(True), ticket.c.due_at < bindparam("now"), _clock_runs(machines))


def _clock_runs(machines: Mapping[TicketKind, Machine]) -> ColumnElement[bool]:
    standing = [
        and_(ticket.c.kind == kind.value, ticket.c.state == state.value)
        for kind, machine in machines.items()
        for state, rule in machine.rules.items()
        if rule.is_open and not rule.clock_runs
    ]
    return not_(or_(false(), *standing))


@lru_cache(maxsize=8)
def same_day(has_department: bool, has_assignee: bool, only_overdue: bool) -> Statement:
    """Due at one instant, beyond a number: a row's number among equals is all that an index compares."""
    place = [ticket.c.due_at == bindparam("due"), ticket.c.id > bindparam("after_id")]
    overdue = [_clock_runs(MACHINES)] if only_overdue else []
    return _range(*conditions(has_department, has_assignee), *place, *overdue)


@lru_cache(maxsize=8)
def later(has_department: bool, has_assignee: bool, only_overdue: bool) -> Statement:
    """Due after an instant."""
    overdue = [is_overdue(MACHINES)] if only_overdue else []
    return _range(*conditions(has_department, has_assignee), ticket.c.due_at > bindparam("due"), *overdue)


def _range(*where: ColumnElement[bool]) -> Statement:
    return Statement(
        select(*TICKET)
        .where(*where, ticket.c.is_urgent == bindparam("urgent"))
        .order_by(ticket.c.due_at, ticket.c.id)
        .limit(bindparam("limit"))
    )


def conditions(has_department: bool, has_assignee: bool) -> list[ColumnElement[bool]]:
    """What is open in a scope."""
    found: list[ColumnElement[bool]] = [ticket.c.is_open.is_(True)]
    if has_department:
        # With an assignee it is the assignee's index that leads to few rows: no planner may take the department's.
        department = ticket.c.department.concat(literal_column("''", Text)) if has_assignee else ticket.c.department
        found.append(department == bindparam("in_department"))
    if has_assignee:
        found.append(ticket.c.assignee_person_id == bindparam("assignee"))
    return found
