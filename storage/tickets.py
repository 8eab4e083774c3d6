"""Tickets, their history and who follows them. Decides nothing about states."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, case, false, insert, null, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from faq.places.geometry import distance_metres
from handlers.errors import StaleTicket
from handlers.ports import Contact, QueuePlace, QueueScope
from handlers.ticket.ticket import Ticket, TicketEvent
from storage import ticket_counts, ticket_search
from storage import ticket_queries as find
from storage.people import CONTACTS, contact_from
from storage.schema import address, follower, media, ticket, ticket_event, ticket_media
from storage.statements import Row, Rows, Statement
from storage.ticket_rows import EVENT, changed_values, event_from, event_values, ticket_from, ticket_values
from storage.types import among

_ADD = Statement(
    upsert(ticket)
    .values({column.name: bindparam(column.name) for column in ticket.c if column.name != "id"})
    .on_conflict_do_nothing(index_elements=["folio"])
    .returning(ticket.c.id)
)
_ADD_MEDIA = Statement(
    upsert(ticket_media)
    .values(ticket_id=bindparam("ticket_id"), media_id=bindparam("media_id"))
    .on_conflict_do_nothing()
)
#: Nothing tells any more whose a ticket's photo was, but for who still waits to hear what became of it.
_KEEP_MEDIA = Statement(
    update(media)
    .where(among(media.c.id, "ids"), text("media.is_loose"))
    .values(
        is_loose=false(),
        address_id=case((text("media.state IN ('stored', 'failed')"), null()), else_=media.c.address_id),
    )
)
_LINE: Final = tuple(column.name for column in EVENT if column.name != "id")
_RECORD = Statement(insert(ticket_event).values({name: bindparam(name) for name in _LINE}).returning(ticket_event.c.id))
_history = select(*EVENT).where(ticket_event.c.ticket_id == bindparam("ticket_id")).order_by(ticket_event.c.id)
_HISTORY = Statement(_history)
_PUBLIC_HISTORY = Statement(_history.where(ticket_event.c.is_public.is_(True)))

_FOLLOW = Statement(
    upsert(follower)
    .values(ticket_id=bindparam("ticket_id"), address_id=bindparam("address_id"), since=bindparam("now"))
    .on_conflict_do_nothing()
)
_FOLLOWERS = Statement(
    CONTACTS.join(follower, follower.c.address_id == address.c.id)
    .where(follower.c.ticket_id == bindparam("ticket_id"))
    .order_by(address.c.id)
)


@lru_cache(maxsize=128)
def change_of(*columns: str) -> Statement:
    """Writes these columns of a ticket, and its next version, where the row still has the version that was read."""
    return Statement(
        update(ticket)
        .where(ticket.c.id == bindparam("row_id"), ticket.c.version == bindparam("read_version"))
        .values({name: bindparam(name) for name in columns} | {"version": ticket.c.version + 1})
    )


class SqlTickets:
    """Every ticket of the counter."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, ticket: Ticket) -> Ticket | None:
        """The ticket with its row's id; None if the folio is taken: try another."""
        ticket_id = self._rows.value(_ADD, **ticket_values(ticket))
        if ticket_id is None:
            return None
        self._attach(ticket_id, ticket.media)
        return self.by_id(ticket_id)

    def by_folio(self, folio: str) -> Ticket | None:
        """`folio` in its normal form."""
        row = self._rows.first(find.BY_FOLIO, folio=folio)
        return None if row is None else ticket_from(row)

    def by_id(self, ticket_id: int) -> Ticket:
        """Raises LookupError if there is none."""
        return ticket_from(self._rows.only(find.BY_ID, ticket_id=ticket_id))

    def save(self, before: Ticket, after: Ticket) -> Ticket:
        """Write what makes `after` differ from `before`; media are only added. The version counts up.

        Returns the ticket as it is now. Raises StaleTicket if somebody changed it since `before` was read.
        """
        values = changed_values(before, after)
        touched = self._rows.run(change_of(*sorted(values)), row_id=before.id, read_version=before.version, **values)
        if not touched:
            raise StaleTicket(before.folio)
        self._attach(before.id, sorted(set(after.media) - set(before.media)))
        media = tuple(sorted({*before.media, *after.media}))
        return replace(after, id=before.id, media=media, version=before.version + 1)

    def record(self, event: TicketEvent) -> TicketEvent:
        """Add to the history; returns it with its id."""
        event_id: int = self._rows.value(_RECORD, **event_values(event))
        self._keep(event.media)
        return replace(event, id=event_id)

    def history(self, ticket_id: int, *, public_only: bool = False) -> tuple[TicketEvent, ...]:
        """Oldest first."""
        statement = _PUBLIC_HISTORY if public_only else _HISTORY
        return tuple(event_from(row) for row in self._rows.all(statement, ticket_id=ticket_id))

    def of_person(self, person_id: int, *, limit: int = 10) -> tuple[Ticket, ...]:
        """Own and followed, open first, then newest first."""
        return _tickets(self._rows.all(find.OF_PERSON, person_id=person_id, limit=limit))

    def queue(
        self,
        scope: QueueScope,
        now: datetime,
        *,
        limit: int = 10,
        after: QueuePlace | None = None,
        only_overdue: bool = False,
    ) -> tuple[Ticket, ...]:
        """Open ones after a place of the queue: urgent ones first, then by due_at."""
        found: list[Row] = []
        for statement, values in find.queue(scope, after, now if only_overdue else None):
            if len(found) < limit:
                found += self._rows.all(statement, limit=limit - len(found), **find.scope_values(scope), **values)
        return _tickets(found)

    def count(self, scope: QueueScope, now: datetime) -> tuple[int, int]:
        """(all, overdue: at most OVERDUE_AT_MOST)"""
        return ticket_counts.count(self._rows, scope, now)

    def recount(self) -> int:
        """Count every ticket, and keep that; how many counts were wrong. Meanwhile nobody else writes tickets."""
        return ticket_counts.recount(self._rows)

    def search(self, words: str, scope: QueueScope, *, limit: int = 10) -> tuple[Ticket, ...]:
        """Newest first; words are looked for in folio, story and place, accents and case aside.

        From three letters on by their beginnings, in folios in any part.
        """
        sought = ticket_search.read(words)
        found = [] if sought is None else _tickets(ticket_search.find(self._rows, sought, scope, limit))
        return tuple(each for each in found if scope.department in {None, each.department})

    def merge_search(self, pages: int, *, into_one: bool = False) -> bool:
        """A slice of the work that keeps a search as quick as it is with few tickets; False where none was left."""
        return ticket_search.merge(self._rows, pages, into_one=into_one)

    def open_near(self, service: str, latitude: float, longitude: float, radius_metres: float) -> Ticket | None:
        """The nearest open report of that service within the radius."""
        here = (latitude, longitude)
        near = {
            (distance_metres(here, (north, east)), ticket_id)
            for cells in find.rows_of_cells(latitude, longitude, radius_metres)
            for ticket_id, north, east in self._rows.all(find.NEAR, service=service, **cells)
        }
        metres, nearest = min(near, default=(float("inf"), 0))
        return self.by_id(nearest) if metres <= radius_metres else None

    def follow(self, ticket_id: int, address_id: int, now: datetime) -> bool:
        """False if it was followed already."""
        return self._rows.run(_FOLLOW, ticket_id=ticket_id, address_id=address_id, now=now) == 1

    def followers(self, ticket_id: int) -> tuple[Contact, ...]:
        """The chats that follow it."""
        return tuple(contact_from(row) for row in self._rows.all(_FOLLOWERS, ticket_id=ticket_id))

    def _keep(self, media: Sequence[int]) -> None:
        """As long as the ticket."""
        if media:
            self._rows.run(_KEEP_MEDIA, ids=media)

    def _attach(self, ticket_id: int, media: Sequence[int]) -> None:
        if media:
            self._keep(media)
            self._rows.many(_ADD_MEDIA, ({"ticket_id": ticket_id, "media_id": media_id} for media_id in media))


def _tickets(rows: Iterable[Row]) -> tuple[Ticket, ...]:
    return tuple(ticket_from(row) for row in rows)
