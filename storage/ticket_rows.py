"""How a ticket and the lines of its history lie in rows."""

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import Text, func, literal_column, select
from sqlalchemy import cast as sql_cast

from handlers.messages import Place
from handlers.ticket.ticket import EventKind, NewTicket, Ticket, TicketEvent, TicketKind, TicketState
from storage.schema import ticket, ticket_event, ticket_media
from storage.statements import Row

_COMMA: Any = literal_column("','")
_media_ids = (
    # The separator is spelt out: as a plain string it would be filled in at each execution.
    select(func.aggregate_strings(sql_cast(ticket_media.c.media_id, Text), _COMMA))
    .where(ticket_media.c.ticket_id == ticket.c.id)
    .correlate(ticket)
    .scalar_subquery()
)

#: What `ticket_from` reads.
TICKET: Final = (
    ticket.c.id,
    ticket.c.folio,
    ticket.c.kind,
    ticket.c.state,
    ticket.c.department,
    ticket.c.service,
    ticket.c.story,
    ticket.c.latitude,
    ticket.c.longitude,
    ticket.c.place_text,
    ticket.c.area,
    ticket.c.delivery,
    ticket.c.author_person_id,
    ticket.c.author_address_id,
    ticket.c.assignee_person_id,
    ticket.c.opened_at,
    ticket.c.received_at,
    ticket.c.due_at,
    ticket.c.updated_at,
    ticket.c.ended_at,
    ticket.c.is_urgent,
    ticket.c.version,
    _media_ids,
)

#: What `event_from` reads.
EVENT: Final = (
    ticket_event.c.ticket_id,
    ticket_event.c.kind,
    ticket_event.c.at,
    ticket_event.c.actor_person_id,
    ticket_event.c.from_state,
    ticket_event.c.to_state,
    ticket_event.c.text,
    ticket_event.c.is_public,
    ticket_event.c.details,
    ticket_event.c.media,
    ticket_event.c.id,
)


def ticket_from(row: Row) -> Ticket:
    """From the columns of TICKET."""
    (
        ticket_id, folio, kind, state, department, service, story, latitude, longitude, place_text, area, delivery,
        author_person_id, author_address_id, assignee_person_id, opened_at, received_at, due_at, updated_at, ended_at,
        is_urgent, version, media_ids,
    ) = row  # fmt: skip
    return Ticket(
        id=ticket_id,
        folio=folio,
        kind=TicketKind(kind),
        state=TicketState(state),
        department=department,
        service=service,
        story=story,
        place=_place(latitude, longitude, place_text, area),
        delivery=delivery,
        author_person_id=author_person_id,
        author_address_id=author_address_id,
        assignee_person_id=assignee_person_id,
        opened_at=opened_at,
        received_at=received_at,
        due_at=due_at,
        updated_at=updated_at,
        ended_at=ended_at,
        is_urgent=is_urgent,
        media=tuple(sorted(int(media_id) for media_id in media_ids.split(","))) if media_ids else (),
        version=version,
    )


def ticket_values(new: NewTicket) -> dict[str, Any]:
    """The columns of a ticket that is to be added, but for its search text."""
    place = new.place or Place()
    return {
        "folio": new.folio,
        "kind": new.kind.value,
        "state": TicketState.RECEIVED.value,
        "is_open": True,
        "is_urgent": new.is_urgent,
        "department": new.department,
        "service": new.service,
        "story": new.story,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "place_text": place.text,
        "area": place.area,
        "delivery": new.delivery,
        "author_person_id": new.author_person_id,
        "author_address_id": new.author_address_id,
        "opened_at": new.opened_at,
        "received_at": new.received_at,
        "due_at": new.due_at,
        "updated_at": new.opened_at,
        "version": 1,
    }


def event_from(row: Row) -> TicketEvent:
    """From the columns of EVENT."""
    ticket_id, kind, at, actor_person_id, from_state, to_state, text, is_public, details, media, event_id = row
    return TicketEvent(
        ticket_id=ticket_id,
        kind=EventKind(kind),
        at=at,
        actor_person_id=actor_person_id,
        from_state=None if from_state is None else TicketState(from_state),
        to_state=None if to_state is None else TicketState(to_state),
        text=text,
        is_public=is_public,
        details=cast(Mapping[str, str], details),
        media=tuple(media),
        id=event_id,
    )


def event_values(event: TicketEvent) -> dict[str, Any]:
    """The columns of a line of history that is to be added."""
    return {
        "ticket_id": event.ticket_id,
        "kind": event.kind.value,
        "at": event.at,
        "actor_person_id": event.actor_person_id,
        "from_state": None if event.from_state is None else event.from_state.value,
        "to_state": None if event.to_state is None else event.to_state.value,
        "text": event.text,
        "is_public": event.is_public,
        "details": dict(event.details),
        "media": list(event.media),
    }


def _place(latitude: float | None, longitude: float | None, text: str | None, area: str | None) -> Place | None:
    held = (latitude, longitude, text, area)
    return None if held == (None, None, None, None) else Place(latitude, longitude, text, area)
