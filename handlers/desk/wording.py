"""In which words residents hear of what officials do: one place, so that a preview and the notice cannot differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from faq.model import Labels
from handlers.messages import Param
from handlers.texts import declare, under
from handlers.ticket.kinds import TicketKind
from handlers.ticket.ticket import Ticket, TicketState
from handlers.town.town import Town

declare(
    __name__,
    *under("notice", "answered taken transferred followed"),
    *under("kind", *TicketKind),
    *under("state", *TicketState),
    passes={"Told": "notice.{}".format},
)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice before it has a recipient: a key below `notice.` and what goes into its placeholders."""

    key: str
    params: Mapping[str, Param]
    #: Whether the ticket stands otherwise afterwards, which is all that those who follow it hear.
    moves: bool = True


def what_of(town: Town, ticket: Ticket) -> Labels:
    """What a ticket is about, in two or three words."""
    service = town.library.services.get(ticket.service or "")
    return _labels(town, f"kind.{ticket.kind}") if service is None else service.name


def of_answer(town: Town, ticket: Ticket, text: str, to: TicketState | None) -> Told:
    """An official's answer, which may resolve the ticket or wait for a word from the resident."""
    if to is not None:
        return of_move(town, ticket, to, text)
    return Told("answered", {"text": text, "department": town.department(ticket.department)}, moves=False)


def of_taking(town: Town, ticket: Ticket) -> Told:
    """Somebody began to see to it."""
    return Told("taken", {"department": town.department(ticket.department)})


def of_move(town: Town, ticket: Ticket, to: TicketState, why: str) -> Told:
    """Another state, and why."""
    department, state = town.department(ticket.department), _labels(town, f"state.{to}")
    return Told(ticket.machine.rule(to).notice, {"text": why, "state": state, "department": department})


def of_transfer(town: Town, department: str, why: str) -> Told:
    """Another department, and why."""
    return Told("transferred", {"text": why, "department": town.department(department)})


def of_following(town: Town, ticket: Ticket) -> Told:
    """What those hear who follow somebody else's ticket: where it stands now, none of the words."""
    state, department = _labels(town, f"state.{ticket.state}"), town.department(ticket.department)
    return Told("followed", {"state": state, "department": department})


def _labels(town: Town, key: str) -> Labels:
    return {language: town.words(key, language) for language in town.languages}
