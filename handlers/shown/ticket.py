"""A ticket in few words, in a line of a list, and as a button. Knows nothing of which tickets are listed."""

from collections.abc import Sequence
from typing import TypedDict

from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.desk import wording
from handlers.messages import Choice, Param
from handlers.shown.buttons import ticket_button
from handlers.shown.due import due_words
from handlers.shown.text import shortened
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket, TicketState

declare(
    __name__,
    *under("line", "nobody", "me", "gone", "mark_overdue", "mark_urgent", "item"),
    "staff.whole_town",
    *under("state", *TicketState),
)

_WORDS_SHOWN = 40


class Facts(TypedDict):
    """What every message about a ticket names."""

    folio: str
    what: str


def facts(chat: Chat, ticket: Ticket) -> Facts:
    """The folio as people see it, and what it is about."""
    return {"folio": folios.pretty(ticket.folio), "what": what_of(chat, ticket)}


def what_of(chat: Chat, ticket: Ticket) -> str:
    """What a ticket is about, in two or three words."""
    return chat.town.label(wording.what_of(chat.town, ticket), chat.person.language)


def tell_filed(chat: Chat, key: str, ticket: Ticket, *, more: Sequence[Choice] = (), **facts: Param) -> None:
    """What the one who filed it takes away: folio, office, the day by which it is answered, and a way to look at it.

    What quotes it, or follows right after, is about the ticket.
    """
    chat.about = ticket.id
    chat.note_last(Kind.RECEIPT, ticket=ticket.folio)
    chat.tell(
        key,
        {
            "folio": folios.pretty(ticket.folio),
            "department": chat.town.department(ticket.department),
            "due_at": ticket.due_at,
            **facts,
        },
        choices=[ticket_button(chat, "track", ticket), *more],
    )


def listed(chat: Chat, tickets: Sequence[Ticket]) -> str:
    """One line each."""
    return "\n".join(_line(chat, ticket) for ticket in tickets)


def openers(chat: Chat, tickets: Sequence[Ticket]) -> list[Choice]:
    """A button each."""
    return [ticket_button(chat, "view", ticket) for ticket in tickets]


def assignee_name(chat: Chat, ticket: Ticket) -> str:
    """Who has it in hand; plainly nobody where that person has no role any more."""
    if ticket.assignee_person_id is None:
        return chat.words("line.nobody")
    if ticket.assignee_person_id == chat.person.person_id:
        return chat.words("line.me")
    official = chat.store.people.official(ticket.assignee_person_id)
    return official.name if official else chat.words("line.gone")


def department_name(chat: Chat, department: str | None) -> str:
    """The office of an official; None is the whole town hall."""
    if department is None:
        return chat.words("staff.whole_town")
    return chat.town.label(chat.town.department(department), chat.person.language)


def _line(chat: Chat, ticket: Ticket) -> str:
    marks = {"line.mark_overdue": ticket.is_overdue(chat.now), "line.mark_urgent": ticket.is_urgent}
    return chat.words(
        "line.item",
        marks="".join(chat.words(key) for key, is_so in marks.items() if is_so),
        **facts(chat, ticket),
        where=_where(chat, ticket),
        due=due_words(chat, ticket),
        state=chat.words(f"state.{ticket.state}"),
        who=assignee_name(chat, ticket),
    )


def _where(chat: Chat, ticket: Ticket) -> Theirs:
    place = ticket.place
    named = place and (place.text or chat.town.area_name(place.area))
    return Theirs(shortened(named or ticket.story, _WORDS_SHOWN))
