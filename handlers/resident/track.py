"""A folio is tracked. Its author sees all; anybody else learns nothing personal."""

from typing import Final

from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.messages import Choice, Param
from handlers.shown.buttons import button, ticket_button
from handlers.shown.ticket import what_of
from handlers.texts import declare, under
from handlers.ticket import folio as folios
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketState

declare(
    __name__,
    *under("track", "open", "ended", "withdrawn", "withdrawn_by_author", "history", "private"),
    *under("event", "opened taken assigned answered state_changed transferred closed withdrawn added unknown"),
    *under("event", "answered_said state_changed_said transferred_said closed_said added_said reopened reopened_said"),
    *under("state", *TicketState),
)

#: Lines of history that are shown: the newest.
_SHOWN = 5


@flow("track", command=("folio", "track"), place=70, arguments=("ticket",))
def track(chat: Chat) -> None:
    """State, office and dates for everybody, words and what can be done for the author; of a private one nothing."""
    ticket = chat.ticket("ticket")
    if not access.may_be_shown(chat.person, chat.town, ticket):
        raise chat.stop("track.private", choices=[button(chat, "tickets")], folio=folios.pretty(ticket.folio))
    chat.note_last(Kind.STATUS, ticket=ticket.folio)
    facts: dict[str, Param] = {
        "folio": folios.pretty(ticket.folio),
        "what": what_of(chat, ticket),
        "state": chat.words(f"state.{ticket.state}"),
        "department": chat.town.department(ticket.department),
        "opened_at": ticket.opened_at,
        "due_at": ticket.due_at,
        "updated_at": ticket.updated_at,
    }
    is_author = access.is_author(chat.person, ticket)
    chat.tell(_standing(ticket, is_author=is_author), facts)
    if not is_author:
        return
    history = chat.store.tickets.history(ticket.id, public_only=True)
    lines = "\n".join(_line(chat, ticket, event) for event in history[-_SHOWN:])
    chat.say("track.history", choices=_ways_on(chat, ticket), lines=lines, folio=folios.pretty(ticket.folio))


#: What the line of history leaves its words out of: they are the ticket's own story, or nobody knows what they are.
_WORDLESS: Final = frozenset({EventKind.OPENED, EventKind.UNKNOWN})


def _standing(ticket: Ticket, *, is_author: bool) -> str:
    """An office has no part in what its author took back."""
    if ticket.is_open:
        return "track.open"
    if ticket.rule.event is not EventKind.WITHDRAWN:
        return "track.ended"
    return "track.withdrawn" if is_author else "track.withdrawn_by_author"


def _line(chat: Chat, ticket: Ticket, event: TicketEvent) -> str:
    what = "reopened" if ticket.was_reopened(event) else event.kind
    return chat.words(
        f"event.{what}" if event.text is None or event.kind in _WORDLESS else f"event.{what}_said",
        at=event.at,
        text=event.text,
        state=chat.words(f"state.{event.to_state}") if event.to_state else "",
        department=chat.town.department(event.details.get("to_department", "")),
    )


def _ways_on(chat: Chat, ticket: Ticket) -> list[Choice]:
    ways = []
    if ticket.rule.after_adding is not None:
        ways.append(ticket_button(chat, "add", ticket))
    if ticket.rule.after_withdrawal is not None:
        ways.append(ticket_button(chat, "withdraw", ticket))
    return [*ways, button(chat, "tickets")]
