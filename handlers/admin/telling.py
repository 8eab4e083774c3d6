"""Pushes to administrators about what the counter knows, each once. Knows no file and no flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.commands import button
from handlers.desk.pushes import Pushed, Pushes
from handlers.messages import Choice, Param, Reply
from handlers.ports import Contact, UnitOfWork
from handlers.ticket.ticket import Role
from handlers.town.render import render
from handlers.town.town import Town


@dataclass(frozen=True, slots=True)
class Way:
    """A button: what it runs, and the key of what it says."""

    runs: str
    arguments: tuple[str, ...]
    label: str

    @property
    def fits(self) -> bool:
        """Whether every channel can make a button of it."""
        return button("", self.runs, *self.arguments).fits


class Telling:
    """Writes into the outbox, in each reader's language."""

    def __init__(self, uow: UnitOfWork, town: Town, now: datetime) -> None:
        self._uow, self._town = uow, town
        self._pushes = Pushes(uow, now)

    def administrators(self, key: str, params: Mapping[str, Param], *, once: str, ways: Sequence[Way] = ()) -> int:
        """Tell every administrator, once for each `once`; how many were told now."""
        officials = self._uow.people.officials(role=Role.ADMINISTRATOR)
        return sum(self.person(each.person_id, key, params, once=once, ways=ways) for each in officials)

    def person(
        self, person_id: int, key: str, params: Mapping[str, Param], *, once: str, ways: Sequence[Way] = ()
    ) -> bool:
        """Tell one person in the chat where they wrote last; False if that was said before, or nothing arrives."""
        contact = self._uow.people.contact_of(person_id)
        if contact is None:
            return False
        choices = tuple(self._button(contact, way, params) for way in ways)
        reply = Reply(key, params, choices, role=Role.ADMINISTRATOR)
        message = render(self._town.library, reply, contact.language)
        return self._pushes.put(contact, message, once=once) is Pushed.QUEUED

    def _button(self, contact: Contact, way: Way, params: Mapping[str, Param]) -> Choice:
        return button(self._town.words(way.label, contact.language, params), way.runs, *way.arguments)
