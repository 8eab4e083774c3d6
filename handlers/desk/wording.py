"""In which words residents hear of what officials do: one place, so that a preview and the notice cannot differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.messages import Param
from handlers.ticket.ticket import Ticket, TicketState
from handlers.town.town import Town

_OF_STATE = {TicketState.RESOLVED: "resolved", TicketState.WAITING: "asked", TicketState.CLOSED: "closed"}


@dataclass(frozen=True, slots=True)
class Told:
    """A notice before it has a recipient: a key below `notice.` and what goes into its placeholders."""

    key: str
    params: Mapping[str, Param]


def of_answer(town: Town, ticket: Ticket, text: str, to: TicketState | None) -> Told:
    """An official's answer, which may resolve the ticket or wait for a word from the resident."""
    key = _OF_STATE.get(to, "answered") if to else "answered"
    return Told(key, {"text": text, "department": town.department(ticket.department)})


def of_taking(town: Town, ticket: Ticket) -> Told:
    """Somebody began to see to it."""
    return Told("taken", {"department": town.department(ticket.department)})


def of_move(town: Town, ticket: Ticket, to: TicketState, why: str) -> Told:
    """Another state, and why."""
    labels = {language: town.words(f"state.{to}", language) for language in town.languages}
    params: dict[str, Param] = {"text": why, "state": labels, "department": town.department(ticket.department)}
    return Told(_OF_STATE.get(to, "moved"), params)


def of_transfer(town: Town, department: str, why: str) -> Told:
    """Another department, and why."""
    return Told("transferred", {"text": why, "department": town.department(department)})
