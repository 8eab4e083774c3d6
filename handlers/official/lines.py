"""A ticket in one line of a list, as officials see it. Knows nothing of which tickets are listed."""

from collections.abc import Sequence

from handlers.desk.ticket import Ticket
from handlers.dialogue import Chat
from handlers.messages import Choice
from handlers.official.due import due_words, is_overdue
from handlers.official.steps import command_button, facts

_WORDS_SHOWN = 40


def listed(chat: Chat, tickets: Sequence[Ticket]) -> str:
    """One line each."""
    return "\n".join(_line(chat, ticket) for ticket in tickets)


def openers(chat: Chat, tickets: Sequence[Ticket]) -> list[Choice]:
    """A button each."""
    return [command_button(chat, "ver", ticket) for ticket in tickets]


def assignee_name(chat: Chat, ticket: Ticket) -> str:
    """Who has it in hand; plainly nobody where that person has no role any more."""
    if ticket.assignee_person_id is None:
        return chat.words("line.nobody")
    if ticket.assignee_person_id == chat.person.person_id:
        return chat.words("line.me")
    official = chat.desk.uow.people.official(ticket.assignee_person_id)
    return official.name if official else chat.words("line.gone")


def department_name(chat: Chat, department: str | None) -> str:
    """The office of an official; None is the whole town hall."""
    if department is None:
        return chat.words("staff.whole_town")
    return chat.town.label(chat.town.department(department), chat.person.language)


def shortened(words: str, most: int) -> str:
    """The first words, on one line."""
    flat = " ".join(words.split())
    if len(flat) <= most:
        return flat
    return f"{flat[:most].rsplit(' ', 1)[0]}…"


def _line(chat: Chat, ticket: Ticket) -> str:
    marks = {"line.mark_overdue": is_overdue(chat, ticket), "line.mark_urgent": ticket.is_urgent}
    return chat.words(
        "line.item",
        marks="".join(chat.words(key) for key, is_so in marks.items() if is_so),
        **facts(chat, ticket),
        where=_where(chat, ticket),
        due=due_words(chat, ticket),
        state=chat.words(f"state.{ticket.state}"),
        who=assignee_name(chat, ticket),
    )


def _where(chat: Chat, ticket: Ticket) -> str:
    place = ticket.place
    named = place and (place.text or chat.town.area_name(place.area))
    return shortened(named or ticket.story, _WORDS_SHOWN)
