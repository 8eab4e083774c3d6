"""How an office is told: its name, and of where it is and when it opens what the town has filled in."""

from faq.model import Department
from handlers.conversation.chat import Chat


def office_line(chat: Chat, office: Department, *, language: str | None = None) -> str:
    """An office on one line: name, address, telephone."""
    return _line(chat, office, office.address, office.phone, language=language)


def whom_to_ask(chat: Chat, office: str | None, *, language: str | None = None) -> str:
    """Where to ask in person: this office, or the front desk, with telephone and hours as far as they are known.

    Empty in a town that has neither.
    """
    desk = chat.town.office(office) or chat.town.office(chat.town.city.desks.get("front_desk"))
    return _line(chat, desk, desk.phone, desk.hours, language=language) if desk else ""


def _line(chat: Chat, office: Department, *facts: str | None, language: str | None) -> str:
    name = chat.town.label(office.name, language or chat.person.language)
    return ", ".join(each for each in (name, *facts) if each)
