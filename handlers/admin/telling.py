"""Pushes to administrators about what the counter knows, each once. Knows no file and no flow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.messages import Choice, NoticeKind, Param, Reply
from handlers.ports import Contact, Conversation, UnitOfWork
from handlers.ticket.ticket import Role
from handlers.town.render import render
from handlers.town.town import Town

#: A command, and the key of the button that runs it.
Way = tuple[str, str]


class Telling:
    """Writes into the outbox, in each reader's language."""

    def __init__(self, uow: UnitOfWork, town: Town, now: datetime) -> None:
        self._uow, self._town, self._now = uow, town, now

    def administrators(self, key: str, params: Mapping[str, Param], *, once: str, ways: Sequence[Way] = ()) -> int:
        """Tell every administrator, once for each `once`; how many were told now."""
        officials = self._uow.people.officials(role=Role.ADMINISTRATOR)
        return sum(self.person(each.person_id, key, params, once=once, ways=ways) for each in officials)

    def person(
        self, person_id: int, key: str, params: Mapping[str, Param], *, once: str, ways: Sequence[Way] = ()
    ) -> bool:
        """Tell one person in the chat where they wrote last; False if that was said before, or nothing arrives."""
        contact = self._uow.people.contact_of(person_id)
        if contact is None or contact.unreachable_at is not None:
            return False
        choices = tuple(Choice(command, self._town.words(label, contact.language, params)) for command, label in ways)
        facts = {"city": self._town.city.name, **params}
        message = render(self._town.library, Reply(key, facts, choices), contact.language)
        is_new = self._uow.outbox.put(
            contact.address_id,
            message,
            now=self._now,
            kind=NoticeKind.NOTICE,
            dedupe_key=f"{once}:{contact.address_id}",
        )
        if is_new:
            self._offer(contact, choices)
        return is_new

    def _offer(self, contact: Contact, choices: tuple[Choice, ...]) -> None:
        """A number typed next means these choices, unless a conversation is going on."""
        conversation = self._uow.conversations.get(contact.address_id)
        if conversation is None:
            conversation = Conversation(contact.address_id, None, {}, None, (), self._now)
        if conversation.flow is None:
            self._uow.conversations.put(replace(conversation, offered=choices))
