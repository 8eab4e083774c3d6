"""Statements that find tickets: queues, searches, the neighbourhood of a place. Runs none of them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import cos, radians
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, not_, or_, select, union

from handlers.ports import QueueScope
from handlers.ticket.kinds import TicketKind
from handlers.ticket.states import MACHINES, Machine
from storage.schema import address, follower, ticket
from storage.statements import Statement
from storage.ticket_rows import TICKET

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

NEAR: Final = Statement(
    select(*TICKET).where(
        ticket.c.service == bindparam("service"),
        ticket.c.is_open.is_(True),
        ticket.c.latitude.between(bindparam("south"), bindparam("north")),
        ticket.c.longitude.between(bindparam("west"), bindparam("east")),
    )
)

_METRES_A_DEGREE: Final = 111_000.0


def box(latitude: float, longitude: float, radius_metres: float) -> dict[str, float]:
    """The values of NEAR: degrees that hold every point within the radius, and some beyond it."""
    height = radius_metres / _METRES_A_DEGREE
    width = height / max(cos(radians(latitude)), 0.01)
    return {
        "south": latitude - height,
        "north": latitude + height,
        "west": longitude - width,
        "east": longitude + width,
    }


def scope_values(scope: QueueScope) -> dict[str, Any]:
    """The values that QUEUE, COUNT and SEARCH want of the scope."""
    named = {"in_department": scope.department, "assignee": scope.assignee_person_id}
    return {name: value for name, value in named.items() if value is not None}


def queue(scope: QueueScope) -> Statement:
    """Urgent ones first, then by what is due first: so what is overdue leads."""
    return _queue(scope.department is not None, scope.assignee_person_id is not None, scope.only_open)


def count(scope: QueueScope) -> Statement:
    """(all, overdue)"""
    return _count(scope.department is not None, scope.assignee_person_id is not None, scope.only_open)


def search(words: Sequence[str], scope: QueueScope) -> Statement:
    """Tickets that hold every word, newest first; by their numbers, so that the search ends where enough are found."""
    conditions = _conditions(scope.department is not None, scope.assignee_person_id is not None, scope.only_open)
    held = [ticket.c.search_text.contains(word, autoescape=True) for word in words]
    # First the numbers alone, so that only what is shown is read as a whole.
    newest = select(ticket.c.id).where(*conditions, *held).order_by(ticket.c.id.desc()).limit(bindparam("limit"))
    return Statement(select(*TICKET).where(ticket.c.id.in_(newest)).order_by(ticket.c.id.desc()))


def is_overdue(machines: Mapping[TicketKind, Machine]) -> ColumnElement[bool]:
    """Open, past its day, and in no state whose clock stands still: what Ticket.is_overdue says, for many at once."""
    standing = [
        and_(ticket.c.kind == kind.value, ticket.c.state == state.value)
        for kind, machine in machines.items()
        for state, rule in machine.rules.items()
        if rule.is_open and not rule.clock_runs
    ]
    return and_(ticket.c.is_open.is_(True), ticket.c.due_at < bindparam("now"), not_(or_(false(), *standing)))


@lru_cache(maxsize=8)
def _queue(has_department: bool, has_assignee: bool, only_open: bool) -> Statement:
    order = [ticket.c.is_urgent.desc(), ticket.c.due_at, ticket.c.id]
    return Statement(
        select(*TICKET)
        .where(*_conditions(has_department, has_assignee, only_open))
        .order_by(*(order if only_open else [ticket.c.is_open.desc(), *order]))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@lru_cache(maxsize=8)
def _count(has_department: bool, has_assignee: bool, only_open: bool) -> Statement:
    return Statement(
        select(func.count(), func.count(case((is_overdue(MACHINES), 1)))).where(
            *_conditions(has_department, has_assignee, only_open)
        )
    )


def _conditions(has_department: bool, has_assignee: bool, only_open: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if has_department:
        conditions.append(ticket.c.department == bindparam("in_department"))
    if has_assignee:
        conditions.append(ticket.c.assignee_person_id == bindparam("assignee"))
    if only_open:
        conditions.append(ticket.c.is_open.is_(True))
    return conditions
