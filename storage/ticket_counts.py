"""How many tickets there are: kept by the database with each change of a ticket, and read without counting them."""

from collections import Counter
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, delete, func, insert, literal, select, union_all

from handlers.ports import OVERDUE_AT_MOST, QueueScope
from handlers.ticket.states import MACHINES
from storage import ticket_queries as find
from storage.schema import ticket, ticket_count
from storage.statements import Rows, Statement

_BY: Final = ("department", "is_open", "kind", "state", "assignee_person_id")
_nobody = func.coalesce(ticket.c.assignee_person_id, literal(0, BigInteger))
_cells = [_nobody if name == "assignee_person_id" else ticket.c[name] for name in _BY]

#: What is kept, and what there is: every ticket is looked at.
_KEPT: Final = Statement(
    select(*(ticket_count.c[name] for name in _BY), cast(func.sum(ticket_count.c.tickets), BigInteger)).group_by(
        *(ticket_count.c[name] for name in _BY)
    )
)
_COUNTED: Final = Statement(select(*_cells, func.count()).group_by(*_cells))
_FORGET: Final = Statement(delete(ticket_count))
_KEEP: Final = Statement(
    insert(ticket_count).values({name: bindparam(name) for name in (*_BY, "tickets")} | {"slot": literal(0)})
)


def count(rows: Rows, scope: QueueScope, now: datetime) -> tuple[int, int]:
    """(all, overdue: at most OVERDUE_AT_MOST)"""
    kind, values = find.kind_of(scope), find.scope_values(scope)
    every: int = rows.value(kept(*kind, scope.only_open), **values)
    late: int = rows.value(overdue(*kind), now=now, most=OVERDUE_AT_MOST, **values)
    return every, late


def recount(rows: Rows) -> int:
    """Count every ticket, and keep that; how many counts were wrong. Meanwhile nobody else writes tickets."""
    if not rows.is_sqlite:
        rows.command("LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE")
    before, now = (
        Counter({tuple(cells): int(number) for *cells, number in rows.all(statement)})
        for statement in (_KEPT, _COUNTED)
    )
    wrong = sum(before[cells] != now[cells] for cells in before.keys() | now.keys())
    if wrong:
        rows.run(_FORGET)
        rows.many(_KEEP, (dict(zip(_BY, cells, strict=True)) | {"tickets": number} for cells, number in now.items()))
    return wrong


@lru_cache(maxsize=8)
def kept(has_department: bool, has_assignee: bool, only_open: bool) -> Statement:
    """The sum of the counts."""
    conditions: list[ColumnElement[bool]] = []
    if has_department:
        conditions.append(ticket_count.c.department == bindparam("in_department"))
    if has_assignee:
        conditions.append(ticket_count.c.assignee_person_id == bindparam("assignee"))
    if only_open:
        conditions.append(ticket_count.c.is_open.is_(True))
    every = func.coalesce(func.sum(ticket_count.c.tickets), literal(0, BigInteger))
    return Statement(select(cast(every, BigInteger)).where(*conditions))


@lru_cache(maxsize=4)
def overdue(has_department: bool, has_assignee: bool) -> Statement:
    """How many are late, `most` at most: the urgent ones, then the others."""
    late = (*find.conditions(has_department, has_assignee), find.is_overdue(MACHINES))
    ranges = [select(ticket.c.id).where(*late, ticket.c.is_urgent.is_(urgent)) for urgent in (True, False)]
    return Statement(select(func.count()).select_from(union_all(*ranges).limit(bindparam("most")).subquery()))
