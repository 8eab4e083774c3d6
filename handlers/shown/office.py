"""How an office is told: its name, and of where it is and when it opens only what the town has filled in."""

from faq.filled import filled
from faq.model import Department
from handlers.conversation.chat import Chat


def office_line(chat: Chat, office: Department, *, language: str | None = None) -> str:
    """An office on one line: name, address, telephone."""
    name = chat.town.label(office.name, language or chat.person.language)
    return ", ".join(each for each in (name, filled(office.address), filled(office.phone)) if each)


def whom_to_ask(chat: Chat, office: str | None, *, language: str | None = None) -> str:
    """Where to ask in person: this office, or the front desk, with telephone and hours as far as they are known.

    Empty in a town that has neither.
    """
    departments = chat.town.library.departments
    desk = departments.get(office or "") or departments.get(chat.town.city.desks.get("front_desk", ""))
    if desk is None:
        return ""
    name = chat.town.label(desk.name, language or chat.person.language)
    return ", ".join(each for each in (name, filled(desk.phone), filled(desk.hours)) if each)
