"""Finds tickets by words and by parts of folios, newest first: the same on SQLite and on PostgreSQL.

A word is found by its beginning, from three letters on; a shorter one as a whole. Of long words twelve letters count.
The migration that made `ticket_search` says how the words lie there. However common a word is, few rows are read: FTS5
gives them newest first, and PostgreSQL is asked for the newest blocks of tickets before it is asked for all.

FTS5 keeps what was written at a time in a part of its own, and looks every word up in each part. It merges some of them
by itself, so that there are the more of them the more tickets there are; `merge` keeps them few.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
)

from faq.text import fold
from handlers.ports import QueueScope
from handlers.ticket import folio as folios
from storage.schema import ticket
from storage.statements import Row, Rows, Statement
from storage.ticket_rows import TICKET
from storage.types import Key, SearchWords, among

#: Letters of a word that count, and how many it needs to be found by its beginning.
_LETTERS, _BEGINNING = 12, 3
_FOLIO_SIGNS: Final = frozenset(folios.SIGNS.lower())
#: Further words of a search say nothing more.
_WORDS: Final = 16
#: Bits of a ticket's number that tell the tickets of one block apart, by the marks that PostgreSQL keeps.
_BLOCKS: Final = (8, 12, 16)
#: Blocks that are asked for at once; and how many more tickets than before, at most.
_BLOCKS_AT_ONCE, _GROWTH = 8, 12
#: Newest tickets that are asked for first. What is in none of the second number is rare: then all are asked for.
_FIRST, _MANY = 1 << 10, 12_000

_fts = table("ticket_search", column("rowid", Key), column("ticket_search", Text), column("rank", Integer))
_pending = table("ticket_search_pending", column("ticket_id", Key), column("words", Text))
_gin = table("ticket_search", column("ticket_id", Key), column("words", Text))


def _in_scope(hits: Select[Any], number: Any) -> Select[Any]:
    of_mine = bindparam("assignee", type_=Key)
    return hits.where(
        select(ticket.c.id)
        .where(
            ticket.c.id == number,
            or_(ticket.c.is_open.is_(True), bindparam("ended_too", type_=Boolean)),
            or_(of_mine.is_(None), ticket.c.assignee_person_id == of_mine),
        )
        .exists()
    )


def _newest(hits: Select[Any], number: Any) -> Statement:
    return Statement(hits.order_by(number.desc()).limit(bindparam("limit")))


_sought = bindparam("sought", type_=SearchWords())
_matching = select(_fts.c.rowid).where(literal_column("ticket_search").op("MATCH")(_sought))
_MATCHING: Final = _newest(_matching, _fts.c.rowid)
_MATCHING_IN_SCOPE: Final = _newest(_in_scope(_matching, _fts.c.rowid), _fts.c.rowid)
#: Less than no pages: every part is to go into one.
_MERGE: Final = Statement(insert(_fts).values(ticket_search="merge", rank=bindparam("pages", type_=Integer)))
#: Else four parts of a size are waited for.
_MERGE_TWO: Final = Statement(insert(_fts).values(ticket_search="usermerge", rank=2))
_CHANGES: Final = Statement(select(func.total_changes()))
_PENDING: Final = Statement(select(_pending.c.ticket_id, _pending.c.words))
_PENDING_IN_SCOPE: Final = Statement(
    _in_scope(select(_pending.c.ticket_id, _pending.c.words), _pending.c.ticket_id),
)

_in_blocks = bindparam("blocks", type_=SearchWords())


def _hits(*conditions: Any) -> Select[Any]:
    """Found as a whole before it is sorted: else PostgreSQL may look at ticket after ticket for a rare word.

    GIN goes through what each condition finds, and leaps over what the others leave out. Inside one condition it asks
    of every ticket with the rarest words whether the others are there too: of each in the blocks, if they stood there.
    """
    found = select(_gin.c.ticket_id).where(*(func.ticket_lexemes(_gin.c.words).op("@@")(each) for each in conditions))
    hit = found.cte("hit").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(hit.c.ticket_id)


def _on_gin(*conditions: Any, is_in_scope: bool) -> Statement:
    hits = _hits(*conditions)
    number = hits.selected_columns.ticket_id
    return _newest(_in_scope(hits, number) if is_in_scope else hits, number)


_HITS: Final = _on_gin(_sought, is_in_scope=False)
_HITS_IN_SCOPE: Final = _on_gin(_sought, is_in_scope=True)
_NEWEST_HITS: Final = _on_gin(_sought, _in_blocks, is_in_scope=False)
_NEWEST_HITS_IN_SCOPE: Final = _on_gin(_sought, _in_blocks, is_in_scope=True)
_LAST: Final = Statement(select(func.max(ticket.c.id)))

_FOUND: Final = Statement(select(*TICKET).where(among(ticket.c.id, "found")).order_by(ticket.c.id.desc()))


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that must all be there; or other words instead. All are folded: they hold no sign of a query language."""

    ways: tuple[tuple[str, ...], ...]

    def holds(self, words: str) -> bool:
        """Whether a ticket with these words is found."""
        there = words.split(" ")
        return any(all(_is_in(word, there) for word in way) for way in self.ways)

    def in_fts5(self, mark: str | None) -> str:
        """As FTS5 reads it; with a mark that must be there too."""
        ways = " OR ".join("(" + " AND ".join(map(_in_fts5, way)) + ")" for way in self.ways)
        return f'({ways}) AND "{mark}"' if mark else ways

    def in_tsquery(self, mark: str | None) -> str:
        """As a tsquery; with a mark that must be there too."""
        ways = " | ".join("(" + " & ".join(f"'{word}'" for word in way) + ")" for way in self.ways)
        return f"({ways}) & '{mark}'" if mark else ways


def read(words: str) -> Sought | None:
    """What somebody wrote as words to be found; None where there are none.

    Short words in a row may be a part of a folio with its separator, such as "m4-tx".
    """
    said = [word[:_LETTERS] for word in fold(words).split()[:_WORDS]]
    if not said:
        return None
    joined = "".join(said)
    is_part = len(said) > 1 and _BEGINNING <= len(joined) <= folios.LENGTH and _FOLIO_SIGNS.issuperset(joined)
    return Sought((tuple(dict.fromkeys(said)), *([(joined,)] if is_part else [])))


def find(rows: Rows, sought: Sought, scope: QueueScope, limit: int) -> list[Row]:
    """The rows of TICKET, newest first."""
    find_numbers = _on_sqlite if rows.is_sqlite else _on_postgresql
    found = find_numbers(rows, sought, scope, limit)
    return rows.all(_FOUND, found=found) if found else []


def merge(rows: Rows, pages: int, *, into_one: bool) -> bool:
    """Write about so many pages of what SQLite's parts are merged into; False where nothing was left to do.

    Two of about a size become one, so that few pages are written anew; or all of them, which FTS5 bears a thousand
    times before it takes its file for damaged. PostgreSQL has one index, and sees to it by itself.
    """
    if not rows.is_sqlite:
        return False
    if not into_one:
        rows.run(_MERGE_TWO)
    before = rows.value(_CHANGES)
    rows.run(_MERGE, pages=-pages if into_one else pages)
    # As FTS5 says it: the command itself may count as a change.
    return bool(rows.value(_CHANGES) - before > 1)


def _on_sqlite(rows: Rows, sought: Sought, scope: QueueScope, limit: int) -> list[int]:
    mark, values, is_plain = _mark_of(scope), _values(scope), _is_plain(scope)
    pending = rows.all(_PENDING) if is_plain else rows.all(_PENDING_IN_SCOPE, **values)
    found = {int(number) for number, words in pending if sought.holds(words) and (not mark or mark in words.split(" "))}
    query = sought.in_fts5(mark)
    hits = (
        rows.all(_MATCHING, sought=query, limit=limit)
        if is_plain
        else rows.all(_MATCHING_IN_SCOPE, sought=query, limit=limit, **values)
    )
    return _first(found.union(int(number) for (number,) in hits), limit)


def _on_postgresql(rows: Rows, sought: Sought, scope: QueueScope, limit: int) -> list[int]:
    mark, values, is_plain = _mark_of(scope), _values(scope), _is_plain(scope)
    every, newest = (_HITS, _NEWEST_HITS) if is_plain else (_HITS_IN_SCOPE, _NEWEST_HITS_IN_SCOPE)
    wanted = {"sought": sought.in_tsquery(mark), "limit": limit, **values}
    last, asked = rows.value(_LAST) or 0, _FIRST
    while True:
        blocks = _blocks(last, asked)
        hits = rows.all(newest, blocks=blocks, **wanted) if blocks else rows.all(every, **wanted)
        found = {int(number) for (number,) in hits}
        if len(found) >= limit or not blocks:
            return _first(found, limit)
        asked = _asked_next(asked, len(found), limit) or last


def _asked_next(asked: int, found: int, limit: int) -> int | None:
    """How many of the newest tickets hold enough of them, half as many again to be sure; None where all are few."""
    if found:
        return min(asked * _GROWTH, asked * 3 * limit // (2 * found))
    return asked * _GROWTH if asked < _MANY else None


def _blocks(last: int, tickets: int) -> str | None:
    """The newest blocks that hold so many tickets, as a tsquery; None where they are all blocks."""
    for bits in _BLOCKS:
        newest, blocks = last >> bits, (tickets >> bits) + 1
        if blocks <= _BLOCKS_AT_ONCE or bits == _BLOCKS[-1]:
            if blocks > newest:
                return None
            return " | ".join(f"'_{bits}x{newest - back}'" for back in range(blocks))
    return None


def _first(found: set[int], limit: int) -> list[int]:
    return sorted(found, reverse=True)[:limit]


def _mark_of(scope: QueueScope) -> str | None:
    return None if scope.department is None else f"_{scope.department.encode().hex()}"


def _is_plain(scope: QueueScope) -> bool:
    return scope.assignee_person_id is None and not scope.only_open


def _values(scope: QueueScope) -> dict[str, Any]:
    return {"assignee": scope.assignee_person_id, "ended_too": not scope.only_open}


def _is_in(word: str, there: list[str]) -> bool:
    return word in there if len(word) < _BEGINNING else any(each.startswith(word) for each in there)


def _in_fts5(word: str) -> str:
    return f'"{word}"' if len(word) < _BEGINNING else f'"{word}" *'
