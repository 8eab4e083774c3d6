"""A push: something that somebody else caused, on its way into a chat. Knows nothing of what it says."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from handlers.messages import Choice, NoticeKind, OutgoingMessage
from handlers.ports import Contact, Conversation, UnitOfWork

#: Why a push that nobody can get is kept and not sent; staff read it.
_UNREACHABLE: Final = "nothing arrives in this chat: it was blocked or forgotten"


class Pushed(StrEnum):
    """What became of a push."""

    #: On its way.
    QUEUED = "queued"
    #: Nothing arrives in that chat.
    UNREACHABLE = "unreachable"
    #: It was said before.
    REPEATED = "repeated"


class Pushes:
    """Writes pushes into the outbox, each once for each chat."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow, self._now = uow, now

    def put(self, contact: Contact, message: OutgoingMessage, *, once: str, ticket_id: int | None = None) -> Pushed:
        """Say it in this chat, once for each `once`.

        About a ticket, what cannot go leaves a row that says so; anything else may be said once the chat is back.
        """
        is_reached = contact.unreachable_at is None
        if not is_reached and ticket_id is None:
            return Pushed.UNREACHABLE
        is_new = self._uow.outbox.put(
            contact.address_id,
            message,
            now=self._now,
            kind=NoticeKind.NOTICE,
            ticket_id=ticket_id,
            dedupe_key=f"{once}:{contact.address_id}",
            undeliverable=None if is_reached else _UNREACHABLE,
        )
        if not is_new:
            return Pushed.REPEATED
        if not is_reached:
            return Pushed.UNREACHABLE
        self._offer(contact, message.choices)
        return Pushed.QUEUED

    def _offer(self, contact: Contact, choices: tuple[Choice, ...]) -> None:
        """A number typed next means these choices, unless a conversation is going on."""
        conversation = self._uow.conversations.get(contact.address_id)
        if conversation is None:
            conversation = Conversation(contact.address_id, None, {}, None, (), self._now)
        if conversation.flow is None:
            self._uow.conversations.put(replace(conversation, offered=choices))
