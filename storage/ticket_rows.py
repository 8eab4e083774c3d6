"""How a ticket and the lines of its history lie in rows.

The fields of Ticket are the list of its columns, for reading and for writing: a field that is a plain value lies in the
column of its name, and only the others have a line here. Adding one means the schema and its migration, the field, and
the method of the desk that sets it.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Final

from sqlalchemy import Text, func, literal_column, select
from sqlalchemy import cast as sql_cast

from faq.text import fold
from handlers.messages import Place
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketKind, TicketState
from storage.schema import ticket, ticket_event, ticket_media
from storage.statements import Row

_Values = dict[str, Any]

_COMMA: Any = literal_column("','")
_media_ids = (
    # The separator is spelt out: as a plain string it would be filled in at each execution.
    select(func.aggregate_strings(sql_cast(ticket_media.c.media_id, Text), _COMMA))
    .where(ticket_media.c.ticket_id == ticket.c.id)
    .correlate(ticket)
    .scalar_subquery()
)


def _kind(held: Ticket) -> _Values:
    return {"kind": held.kind.value, "is_open": held.is_open}


def _state(held: Ticket) -> _Values:
    return {"state": held.state.value, "is_open": held.is_open}


def _place(held: Ticket) -> _Values:
    place = held.place or Place()
    where = {"latitude": place.latitude, "longitude": place.longitude, "place_text": place.text, "area": place.area}
    return {**where, "search_text": search_text(held)}


def _searched(name: str, held: Ticket) -> _Values:
    return {name: getattr(held, name), "search_text": search_text(held)}


def _plain(name: str, held: Ticket) -> _Values:
    return {name: getattr(held, name)}


def _elsewhere(_: Ticket) -> _Values:
    return {}


#: Fields that are more than a plain value in a column of their own, and the columns that change with each.
_SPECIAL: Final[Mapping[str, Callable[[Ticket], _Values]]] = {
    "kind": _kind,
    "state": _state,
    "folio": partial(_searched, "folio"),
    "story": partial(_searched, "story"),
    "place": _place,
    # In ticket_media.
    "media": _elsewhere,
}
_FIELDS: Final = tuple(each.name for each in fields(Ticket))
#: The columns of every field that a save may write; the row's number and version are the statements' own.
_WRITTEN: Final[Mapping[str, Callable[[Ticket], _Values]]] = {
    name: _SPECIAL.get(name) or partial(_plain, name) for name in _FIELDS if name not in {"id", "version"}
}
#: Fields that are read as they lie in the column of their name.
_READ: Final = tuple(name for name in _FIELDS if name not in {"kind", "state", "place", "media"})

#: What `ticket_from` reads.
TICKET: Final = (
    *(ticket.c[name] for name in _READ),
    ticket.c.kind,
    ticket.c.state,
    ticket.c.latitude,
    ticket.c.longitude,
    ticket.c.place_text,
    ticket.c.area,
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
    *plain, kind, state, latitude, longitude, place_text, area, media_ids = row
    return Ticket(
        **dict(zip(_READ, plain, strict=True)),
        kind=TicketKind.stored(kind),
        state=TicketState.stored(state),
        place=_place_of(latitude, longitude, place_text, area),
        media=tuple(sorted(int(media_id) for media_id in media_ids.split(","))) if media_ids else (),
    )


def ticket_values(new: Ticket) -> _Values:
    """Every column of a ticket that is to be added."""
    return {name: value for written in _WRITTEN.values() for name, value in written(new).items()} | {"version": 1}


def changed_values(before: Ticket, after: Ticket) -> _Values:
    """The columns in which `after` differs, as it has them."""
    changed = [name for name in _WRITTEN if getattr(before, name) != getattr(after, name)]
    return {name: value for each in changed for name, value in _WRITTEN[each](after).items()}


def search_text(held: Ticket) -> str:
    """What is searched: the folio with and without its separators, the story and the place, folded."""
    place = [held.place.text, held.place.area] if held.place else []
    folio = fold(held.folio)
    return " ".join(
        filter(None, [folio, folio.replace(" ", ""), fold(held.story), *(fold(part or "") for part in place)])
    )


def event_from(row: Row) -> TicketEvent:
    """From the columns of EVENT. A line of another release is told as far as it is understood: it hides no other."""
    ticket_id, kind, at, actor_person_id, from_state, to_state, text, is_public, details, media, event_id = row
    return TicketEvent(
        ticket_id=ticket_id,
        kind=EventKind.stored(kind),
        at=at,
        actor_person_id=actor_person_id,
        from_state=None if from_state is None else TicketState.stored(from_state),
        to_state=None if to_state is None else TicketState.stored(to_state),
        text=text,
        is_public=is_public,
        details=_details(details),
        media=_media(media),
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


def _details(held: Any) -> Mapping[str, str]:
    facts = held.items() if isinstance(held, dict) else ()
    return {name: value for name, value in facts if isinstance(value, str)}


def _media(held: Any) -> tuple[int, ...]:
    return tuple(each for each in held if isinstance(each, int)) if isinstance(held, list) else ()


def _place_of(latitude: float | None, longitude: float | None, text: str | None, area: str | None) -> Place | None:
    held = (latitude, longitude, text, area)
    return None if held == (None, None, None, None) else Place(latitude, longitude, text, area)
